/** Runs work when it is its turn; rejects at once when too much waits already. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** `atOnce` pieces of work run together, `inLine` more wait in order of arrival; the next is refused with `full()`. */
export function turns(atOnce: number, inLine: number, full: () => Error): TakeTurn {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= inLine) throw full();
      await new Promise<void>((resume) => waiting.push(resume));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
