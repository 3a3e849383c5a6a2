/** Bytes from a client that the hub protocol does not allow. Ends the connection; its name is what detailed errors show. */
export class InvalidDataError extends Error {
  override readonly name = "InvalidDataException";
  readonly code = "protocol-error";
}
