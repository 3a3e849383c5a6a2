/** Bytes from a client that the hub protocol does not allow. Ends the connection; its name is what detailed errors show. */
export class InvalidDataError extends Error {
  override readonly name = "InvalidDataException";
  readonly code = "protocol-error";
}

/** A message of more bytes than the hub takes, framing included. */
export function messageTooLarge(maximumBytes: number): InvalidDataError {
  return new InvalidDataError(
    `The maximum message size of ${maximumBytes}B was exceeded. The message size can be configured with maximumReceiveMessageSize.`,
  );
}
