import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { toMessage } from "./message.ts";
import { messageNotFound } from "./read-messages.ts";

/** Ends the delivery of a message that is pending; any other is answered as it is. */
export const cancelMessage =
  (app: App): RestHandlers["cancelMessage"] =>
  async ({ principal }, { params }) => {
    const message = await app.messages.cancel(principal.accountId, params.id, principal.userId);
    if (message === null) throw messageNotFound();
    return toMessage(message);
  };
