import type { Clock } from "../clock.ts";
import type { OpenConnection } from "../hub/admission.ts";

/** Clients come back as they are let go, so many are let go over half of the time, a wave every 50 ms. */
const waveMs = 50;
const smallestWave = 50;

export type Stopping = {
  readonly clock: Clock;
  readonly timeoutMs: number;
  connections(): readonly OpenConnection[];
  /** Resolves when no transport is left. */
  allGone(): Promise<void>;
  /** Resolves when hub code has seen the last `onDisconnected`. */
  allTold(): Promise<void>;
};

/** Lets every client go with Close and reconnect, waits for running calls, and cuts what remains at the time-out. */
export async function stopGracefully(stopping: Stopping): Promise<void> {
  const { clock, timeoutMs } = stopping;
  const deadline = clock.now() + timeoutMs;
  const connections = stopping.connections();
  const waves = Math.max(1, Math.floor(timeoutMs / 2 / waveMs));
  const size = Math.max(smallestWave, Math.ceil(connections.length / waves));
  for (let start = 0; start < connections.length; start += size) {
    if (start > 0) await sleep(clock, waveMs);
    for (const connection of connections.slice(start, start + size)) connection.leave();
  }
  await within(clock, deadline - clock.now(), stopping.allGone());
  for (const connection of stopping.connections()) connection.terminate();
  await within(clock, Math.max(1000, deadline - clock.now()), stopping.allTold());
}

function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, milliseconds));
}

async function within(clock: Clock, milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: unknown;
  const timeout = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, Math.max(0, milliseconds));
  });
  await Promise.race([work, timeout]);
  clock.clearTimeout(timer);
}
