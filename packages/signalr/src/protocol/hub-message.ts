/** The hub protocol's messages as the hub sees them, whatever protocol carried them. */

/** Makes a Date of each text that is a time, for protocols that have a type for times. JSON takes the text as it is. */
export type WithDates<T> = ((value: T) => T) | null;

export type InvocationMessage = {
  readonly type: "invocation";
  /** null: the caller wants no answer, not even an error. */
  readonly invocationId: string | null;
  readonly target: string;
  readonly arguments: readonly unknown[];
  readonly streamIds: readonly string[];
  readonly withDates?: WithDates<readonly unknown[]>;
};

export type StreamInvocationMessage = {
  readonly type: "stream-invocation";
  readonly invocationId: string;
  readonly target: string;
  readonly arguments: readonly unknown[];
  readonly streamIds: readonly string[];
};

export type StreamItemMessage = { readonly type: "stream-item"; readonly invocationId: string; readonly item: unknown };

export type CompletionMessage = {
  readonly type: "completion";
  readonly invocationId: string;
  readonly outcome: CompletionOutcome;
};

export type CompletionOutcome =
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "void" }
  | { readonly kind: "result"; readonly result: unknown; readonly withDates?: WithDates<unknown> };

export type CancelInvocationMessage = { readonly type: "cancel-invocation"; readonly invocationId: string };

export type PingMessage = { readonly type: "ping" };

export type CloseMessage = { readonly type: "close"; readonly error: string | null; readonly allowReconnect: boolean };

export type AckMessage = { readonly type: "ack"; readonly sequenceId: number };

export type SequenceMessage = { readonly type: "sequence"; readonly sequenceId: number };

export type HubMessage =
  | InvocationMessage
  | StreamInvocationMessage
  | StreamItemMessage
  | CompletionMessage
  | CancelInvocationMessage
  | PingMessage
  | CloseMessage
  | AckMessage
  | SequenceMessage;

export const ping: PingMessage = { type: "ping" };
