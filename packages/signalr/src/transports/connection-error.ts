/**
 * `client-timeout`: silent for too long · `client-error`: the client closed with an error · `transport`: lost without a goodbye ·
 * `write-timeout`: a write hung · `write-overflow`: reads too slowly · `authentication-expired`: its time ran out.
 */
export type ConnectionErrorCode =
  | "client-timeout"
  | "client-error"
  | "transport"
  | "write-timeout"
  | "write-overflow"
  | "authentication-expired";

/** Why a connection ended other than by a plain close. */
export class ConnectionError extends Error {
  override readonly name: string = "ConnectionError";
  readonly code: ConnectionErrorCode;

  constructor(code: ConnectionErrorCode, message: string) {
    super(message);
    this.code = code;
    if (code === "client-timeout") this.name = "OperationCanceledException";
  }
}
