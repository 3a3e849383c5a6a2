import {
  argumentBinder,
  type Hub,
  type HubErrorCode,
  type HubHandlers,
  type MethodAccess,
  type MethodName,
  timesAsDates,
} from "@dsp-fleet/contract";
import { HubBindingException, type HubCaller, HubException, type HubMethod } from "@dsp-fleet/signalr";
import { DatabaseBusyError, DatabaseUnavailableError } from "../database/errors.ts";
import { ProblemError } from "../http/problem.ts";
import type { TokenBuckets } from "../limits/token-buckets.ts";

export type MethodBinding<H extends Hub, P, Context> = {
  hub: H;
  handlers: HubHandlers<H, Context>;
  mayCall(access: MethodAccess, caller: HubCaller<P>): boolean;
  contextOf(caller: HubCaller<P>): Context;
  /** Counts a call of this method; answers the seconds to wait, 0 for none. */
  buckets: Record<MethodName<H>, TokenBuckets>;
  /** Who the calls are counted for. */
  bucketKey(caller: HubCaller<P>): string | number;
};

/** The contract's methods as the SignalR server takes them: arguments named and checked once, errors with their code. */
export function bindMethods<H extends Hub, P, Context>(
  binding: MethodBinding<H, P, Context>,
): Record<string, HubMethod<P>> {
  const { hub, handlers, mayCall, contextOf, buckets, bucketKey } = binding;
  const methods: Record<string, HubMethod<P>> = {};
  for (const name of Object.keys(hub.methods) as MethodName<H>[]) {
    const method = hub.methods[name];
    if (method === undefined) continue;
    const binder = argumentBinder(method.params);
    const handle = handlers[name] as (context: Context, params: unknown) => unknown;
    methods[name] = {
      // Counting is the binder's: its words say what the method takes.
      minArguments: 0,
      maxArguments: Number.POSITIVE_INFINITY,
      authorize: (caller) => mayCall(method.access, caller),
      resultWithDates: method.returns === null ? null : timesAsDates(method.returns),
      bind(args) {
        const bound = binder.bind(args);
        // A wrong number of arguments never reaches the method; a bad value is the method's own refusal.
        if (!bound.ok && (args.length < binder.minimum || args.length > binder.maximum)) {
          throw new HubBindingException(`invalid: ${name} ${bound.reason}`);
        }
        return [bound];
      },
      invoke(caller, args) {
        const bound = args[0] as ReturnType<typeof binder.bind>;
        if (!bound.ok) throw hubException("invalid", bound.reason);
        const wait = buckets[name].take(bucketKey(caller));
        if (wait > 0) throw hubException("rate-limited", `too many calls of ${name}; try again in ${wait} s`);
        try {
          const result = handle(contextOf(caller), bound.values);
          if (!(result instanceof Promise)) return result ?? null;
          return result.catch((error: unknown) => {
            throw asHubException(error);
          });
        } catch (error) {
          throw asHubException(error);
        }
      },
    };
  }
  return methods;
}

function hubException(code: HubErrorCode, detail: string): HubException {
  return new HubException(`${code}: ${detail}`);
}

/** A handler's problem in the hub's words; anything else stays what it is and is not shown. */
function asHubException(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || error instanceof DatabaseBusyError) {
    return hubException("unavailable", "nothing of this was kept; try again in a moment");
  }
  if (!(error instanceof ProblemError)) return error;
  switch (error.code) {
    case "rate-limited":
    case "not-found":
      return hubException(error.code, error.message);
    default:
      return hubException("invalid", error.message);
  }
}
