import type { Clock } from "../../clock.ts";
import type { SentNote } from "../message-repository.ts";
import type { DeliverableMessage } from "./delivery.ts";

/** What goes out within this time is written together; a crash costs at most so much of the count. */
const gatherMs = 20;
/** A store that did not take the notes is asked again after this. */
const writeAgainAfterMs = 1_000;

export type SentNotes = {
  note(message: DeliverableMessage, at: number): void;
  /** Hands over what was gathered. What is asked of the store once this resolves finds it there, unless it could not be kept. */
  flush(): Promise<void>;
};

/** Counts sends, so that a resend costs no transaction of its own. */
export function createSentNotes(
  clock: Clock,
  write: (notes: readonly SentNote[]) => Promise<void>,
  failed: (error: unknown) => void,
): SentNotes {
  let gathered = new Map<number, SentNote>();
  const underWay = new Set<Promise<void>>();
  let cancelTimer: (() => void) | null = null;

  function add(note: SentNote): void {
    const { message, firstAt, count } = note;
    const known = gathered.get(message.id);
    gathered.set(message.id, {
      message,
      firstAt: Math.min(firstAt, known?.firstAt ?? firstAt),
      count: count + (known?.count ?? 0),
    });
  }

  function arm(afterMs: number): void {
    cancelTimer ??= clock.after(afterMs, () => void flush());
  }

  async function keep(notes: readonly SentNote[]): Promise<void> {
    try {
      await write(notes);
    } catch (error) {
      failed(error);
      for (const note of notes) add(note);
      arm(writeAgainAfterMs);
    }
  }

  async function flush(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    if (gathered.size > 0) {
      const keeping = keep([...gathered.values()]).finally(() => underWay.delete(keeping));
      underWay.add(keeping);
      gathered = new Map();
    }
    await Promise.all(underWay);
  }

  return {
    note(message, at) {
      add({ message, firstAt: at, count: 1 });
      arm(gatherMs);
    },
    flush,
  };
}
