const nothing = Buffer.alloc(0);

/** Received bytes from which no message has been cut yet. */
export class UnreadBytes {
  protected bytes: Buffer = nothing;
  protected start = 0;
  protected end = 0;

  get unreadBytes(): number {
    return this.end - this.start;
  }

  push(chunk: Buffer): void {
    const unread = this.unreadBytes;
    if (unread === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    if (this.end + chunk.length > this.bytes.length) this.#grow(unread + chunk.length);
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
  }

  /** Takes all that is left. */
  rest(): Buffer {
    return this.take(this.unreadBytes, 0, 0);
  }

  /** Takes bytes away and gives all of them but the first `skipped` and the last `dropped`. */
  protected take(length: number, skipped: number, dropped: number): Buffer {
    const taken = this.bytes.subarray(this.start + skipped, this.start + length - dropped);
    this.start += length;
    if (this.start === this.end) this.release();
    return taken;
  }

  /** An idle connection keeps no received bytes alive. */
  protected release(): void {
    this.bytes = nothing;
    this.start = 0;
    this.end = 0;
  }

  /** Doubles, so that a message sent byte by byte costs no more than its length. Always a copy: the chunk is not ours to write on. */
  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(256, needed * 2));
    this.bytes.copy(larger, 0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    this.bytes = larger;
  }
}
