/**
 * Gives an access token, or null when nobody is signed in. `refused` is a token that the server has just answered with 401:
 * the source then gives another one, or the same when it has no better. Rejects when it cannot tell for want of a network.
 */
export type AccessTokenSource = (refused?: string) => string | null | Promise<string | null>;
