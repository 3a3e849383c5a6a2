import { describe, expect, test } from "vitest";
import { negotiateResponse, negotiateVersion } from "./negotiate.ts";

describe("negotiate", () => {
  test("row 3: no version is 0, newer ones are 1, others are errors", () => {
    expect(negotiateVersion(null)).toEqual({ kind: "version", version: 0 });
    expect(negotiateVersion("1")).toEqual({ kind: "version", version: 1 });
    expect(negotiateVersion("99")).toEqual({ kind: "version", version: 1 });
    expect(negotiateVersion("abc")).toEqual({
      kind: "refused",
      error: "The client requested a non-integer protocol version.",
    });
    expect(negotiateVersion("-1")).toEqual({
      kind: "refused",
      error: "The client requested version '-1', but the server does not support this version.",
    });
  });

  test("answers in the reference server's order, the token in version 1 only", () => {
    const transports =
      '"availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]}]}';
    const offered = ["WebSockets", "ServerSentEvents"] as const;
    expect(negotiateResponse(1, "a", "b", offered)).toBe(
      `{"negotiateVersion":1,"connectionId":"a","connectionToken":"b",${transports}`,
    );
    expect(negotiateResponse(0, "a", "a", offered)).toBe(`{"negotiateVersion":0,"connectionId":"a",${transports}`);
  });
});
