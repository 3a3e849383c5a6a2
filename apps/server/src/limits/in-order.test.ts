import { expect, test } from "vitest";
import { inOrder } from "./in-order.ts";

test("work of one key runs one after the other; another key does not wait; a failure stops nobody", async () => {
  const inTurn = inOrder<number>();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = inTurn(1, async () => {
    seen.push("first begins");
    await gate.promise;
    seen.push("first ends");
    throw new Error("lost");
  });
  const second = inTurn(1, async () => void seen.push("second"));
  await inTurn(2, async () => void seen.push("other"));
  gate.resolve();
  await expect(first).rejects.toThrow("lost");
  await second;
  expect(seen).toEqual(["first begins", "other", "first ends", "second"]);
});
