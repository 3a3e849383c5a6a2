/** Something with messages that wait to be written. */
export type Flushable = { flush(): void };

/** Writes of one turn: a write costs 10–14 µs, so this bounds how long one turn of the event loop can take. */
const writesPerTurn = 2000;

/** Gathers what a turn of the event loop has to send, so that each connection is written to once. */
export class Flusher {
  readonly #defer: (callback: () => void) => void;
  #waiting: Flushable[] = [];
  #scheduled = false;
  readonly #run = () => this.#flush();

  constructor(defer: (callback: () => void) => void) {
    this.#defer = defer;
  }

  add(flushable: Flushable): void {
    this.#waiting.push(flushable);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#defer(this.#run);
  }

  #flush(): void {
    this.#scheduled = false;
    const waiting = this.#waiting;
    this.#waiting = waiting.length > writesPerTurn ? waiting.slice(writesPerTurn) : [];
    const end = Math.min(waiting.length, writesPerTurn);
    for (let index = 0; index < end; index++) waiting[index]?.flush();
    if (this.#waiting.length > 0) this.#schedule();
  }
}
