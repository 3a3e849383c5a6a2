import type { Clock } from "../clock.ts";

/** So much of one account's news leaves in one turn of the loop: each may go to every dashboard and phone of it. */
const perTurn = 50;

export type AccountLine = {
  /** Does these things after all that was handed in before for this account; a few at once, of many some each turn. */
  add(accountId: number, things: readonly (() => void)[]): void;
};

/** Keeps the order of an account's news, and lets others in between when there is much of it. */
export function createAccountLine(clock: Clock): AccountLine {
  const lines = new Map<number, (() => void)[]>();

  function go(accountId: number, line: (() => void)[]): void {
    for (const thing of line.splice(0, perTurn)) thing();
    if (line.length === 0) lines.delete(accountId);
    else clock.after(0, () => go(accountId, line));
  }

  return {
    add(accountId, things) {
      const waiting = lines.get(accountId);
      if (waiting !== undefined) {
        // One by one: a list of thousands is too many arguments.
        for (const thing of things) waiting.push(thing);
        return;
      }
      const line = [...things];
      lines.set(accountId, line);
      go(accountId, line);
    },
  };
}
