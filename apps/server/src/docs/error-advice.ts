import type { ErrorCode } from "@dsp-fleet/contract";

/** What to do about each code: where the `type` of a problem leads. */
export const advice: Record<ErrorCode, string> = {
  "invalid-request":
    "`errors` names each field and what is wrong with it. Change the request; the same again fails again.",
  "bad-guid": "A device GUID is 32 hex digits, with or without hyphens, in any case.",
  unauthorized:
    "Send `Authorization: Bearer` with an access token. When it has run out, trade the refresh token for a fresh one.",
  "invalid-credentials": "No user has this e-mail address with this password. Which of the two it is, nobody is told.",
  "invalid-refresh-token": "The refresh token has run out, was used before, or was revoked. Sign in again.",
  "wrong-password": "The password that confirms this is not the user's. Nothing was changed.",
  forbidden: "The token is good, yet not for this: another role is needed, or a phone's token instead of a user's.",
  "foreign-origin":
    "The page that sent this comes from another web origin. Whoever runs the server can allow it in `ALLOWED_ORIGINS`.",
  "not-found": "There is no such thing, or it belongs to another account; both look the same.",
  "code-unknown":
    "No phone shows this code now. It may be misread, used, or older than 10 minutes; the phone can show a fresh one.",
  "invitation-unknown": "The link was used, was taken back, or is older than a week. An owner can make a fresh one.",
  "method-not-allowed": "The address is known, by another method; `Allow` lists those it takes.",
  "request-timeout": "Headers must arrive within 10 s, the whole request within 30 s.",
  "email-in-use": "An account with this e-mail address exists. Sign in, or use another address.",
  "identifier-taken": "Another device of the account has this identifier.",
  "device-in-rescue":
    "A device is in one open rescue session at most. End that session first, or choose another device.",
  "rescue-ended":
    "The session was completed and cannot be cancelled any more, or the other way round. Load it again to see how it ended.",
  "last-owner": "Make somebody else an owner first; then this one can be demoted, disabled or removed.",
  "limit-reached": "The account has as many of these as it can. Delete one that nobody needs.",
  "version-mismatch":
    "Read the thing again, apply your change to what it is now, and send its new version as `If-Match`.",
  "body-too-large": "A body may have at most 64 KiB, that of a zone 256 KiB, of an import 5 MiB; `detail` says which.",
  "uri-too-long": "An address may have at most 4,096 characters.",
  "unsupported-media-type": "Send the body as `application/json`, in UTF-8 and not encoded.",
  "same-device": "Rescuee and rescuer must be two devices.",
  "idempotency-key-reused":
    "This `Idempotency-Key` stood for another request in the last 24 h. Make a new key for each new request; send an old one only with its own.",
  "invalid-geometry":
    "`errors` says at which position of the shape what is wrong, for example which two edges cross. Positions count from 0.",
  "import-refused":
    "`errors` says at which feature what is wrong, both counted from 0. Nothing was kept: mend the file, then send all of it again.",
  "rate-limited": "Wait as many seconds as `Retry-After` says.",
  "headers-too-large": "Address and headers may have at most 8 KB together.",
  internal: "A fault of the server. Its cause is in the server's log under the `traceId`.",
  unavailable: "The server starts, stops, or lacks its database. Try again after `Retry-After` seconds.",
};
