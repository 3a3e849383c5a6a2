export type PostgresLimits = {
  /** Connections for queries; a server takes about 100 in all by default. One more keeps watch. */
  readonly connections: number;
  /** Calls that may wait for a connection; 10,000 returning clients ask at once. */
  readonly maxWaiting: number;
  /** A caller is owed an answer within 2 s, so nobody waits longer, neither for a connection nor for a lock. */
  readonly maxWaitMs: number;
  /** The longest page of a long result takes a second on a poor disk. */
  readonly statementMs: number;
  /** A statement that takes longer makes us ask whether the server is still there … */
  readonly suspiciousMs: number;
  /** … which it has to answer within this: together less than the 2 s that a caller is owed. */
  readonly aliveMs: number;
  /** Often enough to write again well within 5 s of the server's return. */
  readonly probeEveryMs: number;
  /** A server that starts beside us, or another of ours that is just ending, gets so long at our start. */
  readonly startPatienceMs: number;
};

export const defaultPostgresLimits: PostgresLimits = {
  connections: 10,
  maxWaiting: 10_000,
  maxWaitMs: 1_900,
  statementMs: 10_000,
  suspiciousMs: 700,
  aliveMs: 1_000,
  probeEveryMs: 500,
  startPatienceMs: 5_000,
};
