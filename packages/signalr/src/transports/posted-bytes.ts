import type { ConnectionOwner } from "./connection.ts";

/** Requests of one connection at once; official clients send one or a few, and each may hold 64 KiB of its body in memory. */
const maximumWaiting = 16;

/** The way in of a transport whose client sends each piece in a request of its own: one at a time, held back while the hub is busy. */
export class PostedBytes {
  #owner: ConnectionOwner | null = null;
  #isPaused = false;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #blocked: (() => void)[] = [];

  get isOpen(): boolean {
    return this.#owner !== null;
  }

  start(owner: ConnectionOwner): void {
    this.#owner = owner;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  /** No more bytes are taken; whoever waits is let go. */
  end(): void {
    this.#owner = null;
    this.resume();
  }

  /** Runs the work when all before it is done; null when too much waits already. */
  async inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.#waiting >= maximumWaiting) return null;
    this.#waiting++;
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }

  /** Hands the bytes over and waits until the hub wants more. False: the connection has ended before it got them. */
  async push(chunk: Buffer): Promise<boolean> {
    await this.#ready();
    if (this.#owner === null) return false;
    this.#owner.received(chunk);
    await this.#ready();
    return true;
  }

  async #ready(): Promise<void> {
    while (this.#isPaused && this.#owner !== null) await new Promise<void>((resolve) => this.#blocked.push(resolve));
  }

  #wake(): void {
    const blocked = this.#blocked;
    this.#blocked = [];
    for (const resolve of blocked) resolve();
  }
}
