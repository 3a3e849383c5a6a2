type Log = (fields: Record<string, unknown>, message: string) => void;

/** Structured log sink; a pino or Fastify logger fits as it is. Never receives tokens or query strings. */
export type Logger = { debug: Log; info: Log; warn: Log; error: Log };

const nothing: Log = () => {};

export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
