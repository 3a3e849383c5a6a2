import type { HubCaller, HubDefinition, HubEvents, HubInvocation } from "./hub-definition.ts";

/** A hub's filters wound around its own functions, first filter outermost. */
export type FilterChain<P, E extends HubEvents> = {
  invoke(invocation: HubInvocation<P, E>, method: () => unknown): unknown;
  connected(caller: HubCaller<P, E>): Promise<void>;
  disconnected(caller: HubCaller<P, E>, error: Error | null): Promise<void>;
};

export function filterChain<P, E extends HubEvents>(definition: HubDefinition<P, E>): FilterChain<P, E> {
  const filters = definition.filters ?? [];
  const invoking = filters.filter((filter) => filter.invokeMethod !== undefined);
  return {
    invoke: (invocation, method) => {
      if (invoking.length === 0) return method();
      const call = (index: number): Promise<unknown> => {
        const filter = invoking[index];
        return Promise.resolve(
          filter?.invokeMethod ? filter.invokeMethod(invocation, async () => call(index + 1)) : method(),
        );
      };
      return call(0);
    },
    connected: (caller) => {
      const call = async (index: number): Promise<void> => {
        const filter = filters[index];
        if (filter === undefined) await definition.onConnected?.(caller);
        else if (filter.onConnected === undefined) await call(index + 1);
        else await filter.onConnected(caller, () => call(index + 1));
      };
      return call(0);
    },
    disconnected: (caller, error) => {
      const call = async (index: number): Promise<void> => {
        const filter = filters[index];
        if (filter === undefined) await definition.onDisconnected?.(caller, error);
        else if (filter.onDisconnected === undefined) await call(index + 1);
        else await filter.onDisconnected(caller, error, () => call(index + 1));
      };
      return call(0);
    },
  };
}
