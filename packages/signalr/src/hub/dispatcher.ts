import type {
  CompletionOutcome,
  InvocationMessage,
  StreamInvocationMessage,
  WithDates,
} from "../protocol/hub-message.ts";
import type { FilterChain } from "./filter-chain.ts";
import type { HubCaller, HubDefinition, HubEvents, HubMethod } from "./hub-definition.ts";
import { HubException } from "./hub-exceptions.ts";
import { invocationError } from "./invocation-error.ts";

export type InvocationOutcome =
  | "completed"
  | "hub-exception"
  | "failed"
  | "unauthorized"
  | "invalid-arguments"
  | "unknown-method";

export type InvocationAnswer = {
  /** As declared; null when there is no such method. */
  readonly method: string | null;
  readonly outcome: InvocationOutcome;
  readonly completion: Exclude<CompletionOutcome, { readonly kind: "void" }>;
  /** What only the log may know. */
  readonly cause: unknown;
};

type Call = { readonly target: string; readonly arguments: readonly unknown[]; readonly streamIds: readonly string[] };
/** Of a method, what its answer needs. */
type Answering = { readonly name: string; readonly method: { readonly resultWithDates?: WithDates<unknown> } };
type Entry<P, E extends HubEvents> = { readonly name: string; readonly method: HubMethod<P, E> };

/** Finds methods, checks what may be called with what, and turns every failure into the text that the client is to see. */
export class Dispatcher<P, E extends HubEvents> {
  readonly #methods = new Map<string, Entry<P, E>>();
  readonly #filters: FilterChain<P, E>;
  readonly #detailed: boolean;

  constructor(definition: HubDefinition<P, E>, filters: FilterChain<P, E>, detailedErrors: boolean) {
    this.#filters = filters;
    this.#detailed = detailedErrors;
    for (const name of Object.keys(definition.methods)) {
      const method = definition.methods[name];
      const key = name.toLowerCase();
      if (method === undefined) continue;
      if (this.#methods.has(key))
        throw new Error(`Two hub methods are named '${key}': names differ by more than case.`);
      this.#methods.set(key, { name, method });
    }
  }

  /** Never throws or rejects. A method that answers at once is answered at once: most calls then cost no promise. */
  invoke(caller: HubCaller<P, E>, call: InvocationMessage): InvocationAnswer | Promise<InvocationAnswer> {
    const entry = this.#find(call.target);
    if (entry === null) return this.#unknown(call);
    const { name, method } = entry;
    let args: readonly unknown[];
    try {
      if (method.authorize !== undefined && !method.authorize(caller)) {
        return refused(name, "unauthorized", invocationError.unauthorized(call.target));
      }
    } catch (error) {
      return this.#thrown(name, call.target, error);
    }
    const mismatch = this.#countMismatch(method, call);
    if (mismatch !== null) return refused(name, "invalid-arguments", mismatch);
    try {
      args = method.bind === undefined ? call.arguments : method.bind(call.arguments);
    } catch (error) {
      return refused(name, "invalid-arguments", invocationError.binding(call.target, error, this.#detailed));
    }
    try {
      const invocation = { caller, method: name, args };
      const result = this.#filters.invoke(invocation, () => method.invoke(caller, args));
      if (!isThenable(result)) return completed(entry, result);
      return Promise.resolve(result).then(
        (value: unknown) => completed(entry, value),
        (error: unknown) => this.#thrown(name, call.target, error),
      );
    } catch (error) {
      return this.#thrown(name, call.target, error);
    }
  }

  /** No method streams, so a call of a stream always fails. */
  invokeStream(call: StreamInvocationMessage): InvocationAnswer {
    const entry = this.#find(call.target);
    if (entry === null) return this.#unknown(call);
    const completion = { kind: "error", error: invocationError.notStreaming(call.target) } as const;
    return { method: entry.name, outcome: "invalid-arguments", completion, cause: null };
  }

  /** The completion of a result that turned out not to be serializable. */
  unserializable(call: InvocationMessage, error: unknown): string {
    return invocationError.thrown(call.target, error, this.#detailed);
  }

  #find(target: string): Entry<P, E> | null {
    return this.#methods.get(target.toLowerCase()) ?? null;
  }

  #unknown(call: Call): InvocationAnswer {
    const completion = { kind: "error", error: invocationError.unknownMethod(call.target) } as const;
    return { method: null, outcome: "unknown-method", completion, cause: null };
  }

  #countMismatch(method: HubMethod<P, E>, call: Call): string | null {
    const provided = call.arguments.length;
    if (provided < method.minArguments) {
      return invocationError.argumentCount(call.target, provided, method.minArguments, this.#detailed);
    }
    if (provided > method.maxArguments) {
      return invocationError.argumentCount(call.target, provided, method.maxArguments, this.#detailed);
    }
    return call.streamIds.length === 0 ? null : invocationError.streamCount(call.target, call.streamIds.length);
  }

  #thrown(method: string, target: string, error: unknown): InvocationAnswer {
    if (invocationError.isUnauthorized(error)) {
      const completion = { kind: "error", error: invocationError.unauthorized(target) } as const;
      return { method, outcome: "unauthorized", completion, cause: null };
    }
    const completion = { kind: "error", error: invocationError.thrown(target, error, this.#detailed) } as const;
    if (error instanceof HubException) return { method, outcome: "hub-exception", completion, cause: null };
    return { method, outcome: "failed", completion, cause: error };
  }
}

function completed({ name, method }: Answering, result: unknown): InvocationAnswer {
  const completion = { kind: "result", result, withDates: method.resultWithDates ?? null } as const;
  return { method: name, outcome: "completed", completion, cause: null };
}

function refused(method: string, outcome: InvocationOutcome, error: string): InvocationAnswer {
  return { method, outcome, completion: { kind: "error", error }, cause: null };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
