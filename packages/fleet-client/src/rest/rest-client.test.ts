import { describe, expect, test } from "vitest";
import { virtualClock } from "../testing/virtual-clock.ts";
import { FleetError } from "./fleet-error.ts";
import { createRestClient, type RestOptions } from "./rest-client.ts";

type Answer = (request: Request) => Response | Promise<Response>;

/** A server that answers as told, and keeps what it was asked. */
function aServer(answer: Answer, options: Partial<RestOptions> = {}) {
  const asked: Request[] = [];
  const rest = createRestClient({
    baseUrl: "https://fleet.test/",
    ...options,
    async fetch(input, init) {
      const request = new Request(input, init);
      asked.push(request.clone());
      init?.signal?.throwIfAborted();
      return answer(request);
    },
  });
  return { rest, asked };
}

function aProblem(
  status: number,
  code: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  const body = { type: "about:blank", title: "No", status, detail: "because", code, traceId: "t-1", ...more };
  return Response.json(body, { status, headers });
}

async function failureOf(call: Promise<unknown>): Promise<FleetError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FleetError)) throw new Error(`expected a FleetError, got ${String(error)}`);
  return error;
}

describe("what a call sends", () => {
  test("path parameters, body, version and token go where the contract wants them", async () => {
    const { rest, asked } = aServer(() => Response.json({ id: 7 }), { accessToken: () => "token" });
    await rest.updateDevice({ params: { id: 7 }, body: { name: "Van 7" }, ifMatch: 3 });
    const [request] = asked;
    expect(request?.method).toBe("PATCH");
    expect(request?.url).toBe("https://fleet.test/api/devices/7");
    expect(request?.headers.get("if-match")).toBe('"3"');
    expect(request?.headers.get("authorization")).toBe("Bearer token");
    expect(await request?.json()).toEqual({ name: "Van 7" });
  });

  test("the caller's own word for a request goes as Idempotency-Key", async () => {
    const { rest, asked } = aServer(() => Response.json({ items: [] }, { status: 202 }));
    await rest.sendMessage({ body: { deviceIds: "all", body: "Hello" }, idempotencyKey: "one" });
    expect(asked[0]?.headers.get("idempotency-key")).toBe("one");
  });

  test("a query leaves out what was not given", async () => {
    const { rest, asked } = aServer(() => Response.json({ items: [], nextCursor: null }));
    await rest.listDevices();
    await rest.listDevices({ query: { limit: 5, cursor: "a b&c" } });
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(["", "?limit=5&cursor=a+b%26c"]);
  });

  test("a token is not shown where nobody asks for one", async () => {
    const { rest, asked } = aServer(() => Response.json({}), { accessToken: () => "token" });
    await rest.login({ body: { email: "a@example.com", password: "12345678" } });
    expect(asked[0]?.headers.has("authorization")).toBe(false);
  });

  test("a server below a path keeps its path", async () => {
    const { rest, asked } = aServer(() => Response.json({ status: "live" }), { baseUrl: "https://a.test/fleet" });
    await rest.healthLive();
    expect(asked[0]?.url).toBe("https://a.test/fleet/health/live");
  });
});

describe("what a call gives", () => {
  test("204 is null, text is text", async () => {
    const { rest } = aServer(({ url }) =>
      url.endsWith("/metrics") ? new Response("up 1\n") : new Response(null, { status: 204 }),
    );
    expect(await rest.unbindDevice({ params: { id: 1 } })).toBeNull();
    expect(await rest.metrics()).toBe("up 1\n");
  });

  test("a problem is a FleetError with its code, fields, wait and trace", async () => {
    const { rest } = aServer(() =>
      aProblem(429, "rate-limited", { errors: { code: ["is wrong"] } }, { "retry-after": "17" }),
    );
    const error = await failureOf(rest.bindByCode({ body: { code: "ABC", name: "Van" } }));
    expect(error).toMatchObject({
      code: "rate-limited",
      status: 429,
      detail: "because",
      traceId: "t-1",
      retryAfterSeconds: 17,
    });
    expect(error.errors).toEqual({ code: ["is wrong"] });
  });

  test("Retry-After may be a date", async () => {
    const clock = virtualClock(Date.UTC(2026, 0, 1, 12));
    const { rest } = aServer(
      () => aProblem(503, "unavailable", {}, { "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }),
      { clock },
    );
    expect((await failureOf(rest.healthReady())).retryAfterSeconds).toBe(30);
  });

  test.each([
    [502, "unavailable"],
    [503, "unavailable"],
    [401, "unexpected"],
    [418, "unexpected"],
  ])("a stranger's %i between us and the server is %s", async (status, code) => {
    const { rest } = aServer(() => new Response("<html>", { status }));
    expect((await failureOf(rest.healthLive())).code).toBe(code);
  });

  test("no network is unreachable, and so is a server that does not answer in time", async () => {
    const clock = virtualClock();
    const { rest } = aServer(() => Promise.reject(new TypeError("fetch failed")));
    expect(await failureOf(rest.healthLive())).toMatchObject({ code: "unreachable", status: null });
    const slow = aServer(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      { clock, timeoutMs: 5_000 },
    );
    const failure = failureOf(slow.rest.healthLive());
    await clock.advance(5_001);
    expect((await failure).detail).toBe("no answer within 5 s");
  });

  test("a call that its caller gave up rejects with the caller's reason", async () => {
    const { rest } = aServer(() => Response.json({}));
    const reason = new Error("gone");
    await expect(rest.healthLive({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a refused token", () => {
  test("is replaced once, when the source has a better one", async () => {
    const { rest, asked } = aServer(
      ({ headers }) =>
        headers.get("authorization") === "Bearer new" ? Response.json({ id: 1 }) : aProblem(401, "unauthorized"),
      { accessToken: (refused) => (refused === "old" ? "new" : "old") },
    );
    expect(await rest.getAccount()).toEqual({ id: 1 });
    expect(asked).toHaveLength(2);
  });

  test("is not sent again when there is no better one", async () => {
    const { rest, asked } = aServer(() => aProblem(401, "unauthorized"), { accessToken: () => "old" });
    expect((await failureOf(rest.getAccount())).code).toBe("unauthorized");
    expect(asked).toHaveLength(1);
  });
});
