import { expect, test } from "vitest";
import { progressOn } from "./progress.ts";

const aStream = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, isTTY, columns: 10, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
};

test("on a terminal the live line is replaced and never wraps", () => {
  const stream = aStream(true);
  const progress = progressOn(stream);
  progress.show("0123456789abc");
  progress.print("done");
  expect(stream.written).toEqual(["\r\u001B[2K012345678", "\r\u001B[2Kdone\n"]);
});

test("elsewhere only the lines that stay are written", () => {
  const stream = aStream(false);
  const progress = progressOn(stream);
  progress.show("0123456789abc");
  progress.print("done");
  expect(stream.written).toEqual(["done\n"]);
});
