import type { EventArgs, EventName, Hub } from "@dsp-fleet/contract";

/** Where events go: a target of the SignalR server, or anything that sends like one. */
export type EventTarget = { send(event: string, ...args: unknown[]): Promise<void> };

export type EventSenders<H extends Hub> = { readonly [E in EventName<H>]: (args: EventArgs<H, E>) => void };

/** Makes `target → { DeviceUpdated(args) … }`: names go in, the contract's order goes out. */
export function eventSenders<H extends Hub>(
  hub: H,
  onError: (event: string, error: unknown) => void,
): (target: EventTarget) => EventSenders<H> {
  const shared: Record<string, unknown> = {};
  for (const [event, { args: shape }] of Object.entries(hub.events)) {
    const names = Object.keys(shape);
    shared[event] = function send(this: { target: EventTarget }, args: Record<string, unknown>) {
      const positional = names.map((name) => args[name] ?? null);
      this.target.send(event, ...positional).catch((error: unknown) => onError(event, error));
    };
  }
  return (target) => Object.assign(Object.create(shared), { target }) as EventSenders<H>;
}
