/** A message as it came, for the driver. */
export type IncomingMessage = {
  readonly messageId: string;
  readonly body: string;
  /** How long it stays up by itself; 0 is until it is dismissed. */
  readonly displaySeconds: number;
};

/** What the phone has to say of a message; the later implies the earlier. */
export type Said =
  | { readonly kind: "received" }
  | { readonly kind: "seen" }
  | { readonly kind: "responded"; readonly responseText: string };

export type Owed = { readonly messageId: string; readonly said: Said };

/** What a phone keeps of messages. Every promise resolves once the change would survive a crash. */
export type MessageStore = {
  /** False when it is known already. Either way the server is owed an acknowledgement from now on. */
  keep(message: IncomingMessage, atMs: number): Promise<boolean>;
  /** The driver has seen it, or replied; the first reply stays. A message that is not known is no error. */
  say(messageId: string, said: Exclude<Said, { kind: "received" }>): Promise<void>;
  /** Those that the driver has not seen, in the order of their coming. */
  unseen(): Promise<readonly IncomingMessage[]>;
  /** What the server has not answered for, in the order of the messages' coming. */
  owed(limit: number): Promise<readonly Owed[]>;
  /** The server has it; what was said meanwhile is still owed. */
  settle(owed: Owed): Promise<void>;
  /** Forgets messages that came before. */
  forget(beforeMs: number): Promise<void>;
};

const rank: Record<Said["kind"], number> = { received: 1, seen: 2, responded: 3 };

/** Of two the one that implies the other. */
export const laterOf = (one: Said | null, other: Said): Said =>
  one !== null && rank[one.kind] >= rank[other.kind] ? one : other;

export const isSame = (one: Said | null, other: Said): boolean => one?.kind === other.kind;
