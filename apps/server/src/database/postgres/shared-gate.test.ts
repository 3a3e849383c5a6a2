import { afterEach, describe, expect, test, vi } from "vitest";
import { DatabaseBusyError } from "../errors.ts";
import { createSharedGate, type Manner } from "./shared-gate.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Visits note who is inside; each leaves when told. */
function visits(gate = createSharedGate()) {
  const inside = new Set<string>();
  const come = (name: string, manner: Manner) =>
    gate.enter(manner).then((leave) => {
      inside.add(name);
      return () => {
        inside.delete(name);
        leave();
      };
    });
  return { inside, come };
}
const settled = () => new Promise(setImmediate);

describe("the shared gate", () => {
  test("lets many in together, one alone, and nobody past the one who waits to be alone", async () => {
    const { inside, come } = visits();
    const [leaveA, leaveB] = [await come("a", "together"), await come("b", "together")];
    const alone = come("alone", "alone");
    const later = [come("c", "together"), come("d", "together")];
    await settled();
    expect([...inside]).toEqual(["a", "b"]);
    leaveA();
    await settled();
    expect([...inside]).toEqual(["b"]);
    leaveB();
    const leaveAlone = await alone;
    expect([...inside]).toEqual(["alone"]);
    leaveAlone();
    leaveAlone();
    await Promise.all(later);
    expect([...inside]).toEqual(["c", "d"]);
  });

  test("turns away whoever waited too long or would make the line too long, and those behind get in", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { inside, come } = visits(createSharedGate({ maxWaiting: 2, maxWaitMs: 1_000 }));
    await come("a", "together");
    const impatient = come("alone", "alone").catch((error: unknown) => error);
    const behind = come("b", "together");
    await expect(come("c", "together")).rejects.toBeInstanceOf(DatabaseBusyError);
    vi.advanceTimersByTime(999);
    await settled();
    expect([...inside]).toEqual(["a"]);
    vi.advanceTimersByTime(1);
    expect(await impatient).toBeInstanceOf(DatabaseBusyError);
    await behind;
    await come("d", "together");
    expect([...inside]).toEqual(["a", "b", "d"]);
  });
});
