/** Thrown by a hub method for its caller: the message always reaches the client. */
export class HubException extends Error {
  override readonly name: string = "HubException";
}

/** Thrown by `bind` when the arguments do not fit: the message always reaches the client. */
export class HubBindingException extends Error {
  override readonly name: string = "HubBindingException";
}

/** The caller may not do this. The connection stays. */
export class HubUnauthorizedException extends Error {
  override readonly name: string = "HubUnauthorizedException";
}
