import { afterEach, describe, expect, test, vi } from "vitest";
import { DatabaseBusyError } from "./errors.ts";
import { createGate } from "./gate.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("the gate", () => {
  test("lets one in at a time, in the order of arrival", async () => {
    const gate = createGate();
    const seen: string[] = [];
    const visit = async (name: string) => {
      const leave = await gate.enter();
      seen.push(`${name} in`);
      await new Promise(setImmediate);
      seen.push(`${name} out`);
      leave();
    };
    await Promise.all([visit("a"), visit("b"), visit("c")]);
    expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  test("turns away whoever would make the line too long", async () => {
    const gate = createGate({ maxWaiting: 1, maxWaitMs: 1_000 });
    const leave = await gate.enter();
    const second = gate.enter();
    await expect(gate.enter()).rejects.toBeInstanceOf(DatabaseBusyError);
    leave();
    (await second)();
    (await gate.enter())();
  });

  test("turns away whoever waited too long, and the next one still gets in", async () => {
    vi.useFakeTimers();
    const gate = createGate({ maxWaiting: 10, maxWaitMs: 1_000 });
    const leave = await gate.enter();
    const impatient = gate.enter().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(600);
    const later = gate.enter();
    await vi.advanceTimersByTimeAsync(400);
    expect(await impatient).toBeInstanceOf(DatabaseBusyError);
    leave();
    await expect(later).resolves.toBeTypeOf("function");
  });

  test("leaving twice does not let two in", async () => {
    const gate = createGate({ maxWaiting: 10, maxWaitMs: 20 });
    const leave = await gate.enter();
    const second = gate.enter();
    const third = gate.enter();
    leave();
    leave();
    await second;
    await expect(third).rejects.toBeInstanceOf(DatabaseBusyError);
  });
});
