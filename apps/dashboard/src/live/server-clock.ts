/** The server's time on this computer, whose own clock may be minutes off: ages must not be. */
export type ServerClock = {
  /** Milliseconds since 1970 by the server's clock. */
  readonly now: () => number;
  /** A fetch that sets this clock by the Date of each answer. */
  readonly fetch: typeof fetch;
};

/** The header counts whole seconds: a smaller difference cannot be told from none. */
const smallestOffsetMs = 2_000;
/** An answer that took longer says too little about the moment it was dated. */
const slowestAnswerMs = 5_000;

export function createServerClock(send: typeof fetch, localNow: () => number): ServerClock {
  let offsetMs = 0;
  return {
    now: () => localNow() + offsetMs,
    async fetch(input, init) {
      const sentAt = localNow();
      const response = await send(input, init);
      const receivedAt = localNow();
      const dated = Date.parse(response.headers.get("date") ?? "");
      if (Number.isFinite(dated) && receivedAt - sentAt <= slowestAnswerMs) {
        // The stamp was cut down to the second: on average it is half of one early.
        const measured = dated + 500 - (sentAt + receivedAt) / 2;
        offsetMs = Math.abs(measured) < smallestOffsetMs ? 0 : measured;
      }
      return response;
    },
  };
}
