/** What the simulation builds a server of its own from: without a port, a thread or the machine's clock. */
export type { Passwords } from "./accounts/passwords.ts";
export type { SigningKeys } from "./accounts/signing-keys.ts";
export type { Tokens, VerifiedToken } from "./accounts/tokens.ts";
export type { App } from "./app.ts";
export type { Clock } from "./clock.ts";
export { type AppWorld, createApp, type WiredApp } from "./create-app.ts";
export type { Database } from "./database/database.ts";
export { failureFrom } from "./database/sqlite/failures.ts";
export { openSqlite } from "./database/sqlite/open.ts";
export { type OpenFile, openFile } from "./database/sqlite/open-file.ts";
export type { Reply, Request } from "./database/sqlite/protocol.ts";
export { type Answer, createSession } from "./database/sqlite/session.ts";
export { refusal } from "./http/authorize.ts";
export type { RequestContext } from "./http/context.ts";
export { parseIdempotencyKey } from "./http/idempotency-key.ts";
export { ProblemError } from "./http/problem.ts";
export { restHandlers } from "./http/rest-handlers.ts";
export type { Logger } from "./logger.ts";
