import { ProblemError } from "./problem.ts";

/** The id that a page of a list ended with. */
export function readIdCursor(cursor: string): number {
  if (!/^\d{1,10}$/.test(cursor)) throw badCursor();
  return Number(cursor);
}

export const badCursor = () =>
  new ProblemError("invalid-request", "The cursor is not one that a list gave.", {
    errors: { cursor: ["must be the nextCursor of the page before"] },
  });
