import { ProblemError } from "../http/problem.ts";

export const userNotFound = () => new ProblemError("not-found", "There is no such user.");

export const lastOwner = () =>
  new ProblemError("last-owner", "This is the only owner of the account. Make somebody else an owner first.");
