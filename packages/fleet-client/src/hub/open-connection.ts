/** One connection, from start to close; never started twice. */
export type HubConnectionLike = {
  /** Rejects with HubError `unauthorized` on 401, with anything else on network trouble. */
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke(method: string, args: readonly unknown[]): Promise<unknown>;
  on(event: string, handler: (args: readonly unknown[]) => void): void;
  onClose(handler: (problem: string) => void): void;
};

export type ConnectionTarget = {
  readonly url: string;
  /** An empty string means: go without a token. */
  readonly accessToken: () => Promise<string>;
};

/** Makes a connection that is not started yet: the stock client, or what a test or a simulated dead zone puts in its place. */
export type OpenConnection = (target: ConnectionTarget) => HubConnectionLike;
