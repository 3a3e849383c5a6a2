import type { Network } from "@dsp-fleet/device-sdk";
import { createListeners, type HubConnectionLike, type OpenConnection, stockConnection } from "@dsp-fleet/fleet-client";

export type NetworkGate = {
  readonly network: Network;
  /** Opens or closes the phone's only way out; what is connected breaks at once. */
  readonly set: (isOpen: boolean) => void;
};

/** A phone's network that a dead zone can close. */
export const createNetworkGate = (
  open: OpenConnection = stockConnection(),
  send: typeof fetch = (input, init) => fetch(input, init),
): NetworkGate => {
  const online = createListeners<void>();
  const breakers = new Set<() => void>();
  let isOpen = true;

  const gated: OpenConnection = (target): HubConnectionLike => {
    const connection = open(target);
    let onClose = (_: string): void => {};
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => {});
    const breakIt = (): void => {
      breakers.delete(breakIt);
      broken.reject(new Error("no network"));
      onClose("no network");
      connection.stop().catch(() => {});
    };
    return {
      async start() {
        if (!isOpen) throw new TypeError("no network");
        breakers.add(breakIt);
        try {
          await Promise.race([connection.start(), broken.promise]);
        } catch (error) {
          breakers.delete(breakIt);
          throw error;
        }
      },
      async stop() {
        breakers.delete(breakIt);
        await connection.stop();
      },
      invoke: (method, args) => Promise.race([connection.invoke(method, args), broken.promise]),
      on: (event, handler) => connection.on(event, handler),
      onClose(handler) {
        onClose = handler;
        connection.onClose((problem) => {
          if (breakers.delete(breakIt)) handler(problem);
        });
      },
    };
  };

  return {
    network: {
      openConnection: gated,
      onOnline: (listener) => online.add(listener),
      fetch: (input, init) => (isOpen ? send(input, init) : Promise.reject(new TypeError("no network"))),
    },
    set(next) {
      if (next === isOpen) return;
      isOpen = next;
      if (isOpen) online.emit();
      else for (const breakIt of [...breakers]) breakIt();
    },
  };
};
