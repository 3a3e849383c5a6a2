import type { World } from "./world.ts";

/**
 * The database's limits on waiting keep time by the machine's timers. While a seed runs, `setTimeout` means virtual time,
 * so that they too are part of what it repeats. Returns its undo.
 */
export function virtualTimers(world: World): () => void {
  const { setTimeout: real, clearTimeout: realClear } = globalThis;
  const timer = (run: () => void, ms = 0) => {
    const undo = world.after(ms, () => {
      world.stirred();
      run();
    });
    const handle = { undo, ref: () => handle, unref: () => handle, hasRef: () => false };
    return handle;
  };
  const clear = (handle: { undo?: () => void } | null | undefined) => handle?.undo?.();
  Object.assign(globalThis, { setTimeout: timer, clearTimeout: clear });
  return () => void Object.assign(globalThis, { setTimeout: real, clearTimeout: realClear });
}
