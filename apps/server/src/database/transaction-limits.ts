/** A transaction holds up everybody else; nothing in the server needs more than some tens of ms. */
export const maxTransactionMs = 5_000;
