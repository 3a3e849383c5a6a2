import { z } from "zod";

/** The closed set of REST errors: code → status and title. `detail` says what to do about it. */
export const errors = {
  "invalid-request": { status: 400, title: "The request is not valid" },
  "bad-guid": { status: 400, title: "The device GUID is not valid" },
  unauthorized: { status: 401, title: "Sign in first" },
  "invalid-credentials": { status: 401, title: "E-mail or password is wrong" },
  "invalid-refresh-token": { status: 401, title: "The session has ended" },
  "wrong-password": { status: 403, title: "The password is wrong" },
  forbidden: { status: 403, title: "Not allowed" },
  "foreign-origin": { status: 403, title: "This web origin is not allowed" },
  "not-found": { status: 404, title: "Not found" },
  "code-unknown": { status: 404, title: "No phone shows this code" },
  "invitation-unknown": { status: 404, title: "The invitation is not good any more" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "request-timeout": { status: 408, title: "The request took too long" },
  "email-in-use": { status: 409, title: "The e-mail address is in use" },
  "identifier-taken": { status: 409, title: "The identifier is taken" },
  "device-in-rescue": { status: 409, title: "The device is in a rescue already" },
  "rescue-ended": { status: 409, title: "The rescue has ended another way" },
  "last-owner": { status: 409, title: "An account needs an owner" },
  "limit-reached": { status: 409, title: "There is no room for more" },
  "version-mismatch": { status: 412, title: "Somebody changed it meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "uri-too-long": { status: 414, title: "The address is too long" },
  "unsupported-media-type": { status: 415, title: "Send application/json" },
  "same-device": { status: 422, title: "A device cannot rescue itself" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key belongs to another request" },
  "invalid-geometry": { status: 422, title: "This shape cannot be a zone" },
  "import-refused": { status: 422, title: "Nothing was imported" },
  "rate-limited": { status: 429, title: "Too many attempts" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  internal: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "Not available at the moment" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errors;

/** `application/problem+json`; `errors` names the fields of a 400 or a 422. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(errors) as [ErrorCode, ...ErrorCode[]]),
    traceId: z.string(),
    errors: z.record(z.string(), z.array(z.string())).optional(),
  })
  .meta({ id: "Problem" });

export type Problem = z.output<typeof problem>;

/** How the message of a HubException begins: `invalid: lat must be …`. */
export const hubErrors = {
  invalid: "an argument is outside what the method takes",
  "not-found": "there is no such thing, or it belongs to another account",
  "rate-limited": "too many calls; try again later",
  unavailable: "the server cannot keep it now; try again in a moment",
} as const;

export type HubErrorCode = keyof typeof hubErrors;
