import { accountOperations } from "./accounts.ts";
import { deviceOperations } from "./devices.ts";
import { fastLocationOperations } from "./fast-location.ts";
import { historyOperations } from "./history.ts";
import { messageOperations, messageTemplateOperations } from "./messages.ts";
import type { HandlerAnswer, OperationInput } from "./operation.ts";
import { rescueOperations } from "./rescues.ts";
import { runningOperations } from "./running.ts";
import { userOperations } from "./users.ts";
import { zoneOperations } from "./zones.ts";

/** Every REST operation by its id. */
export const operations = {
  ...accountOperations,
  ...userOperations,
  ...deviceOperations,
  ...messageOperations,
  ...messageTemplateOperations,
  ...historyOperations,
  ...fastLocationOperations,
  ...zoneOperations,
  ...rescueOperations,
  ...runningOperations,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;

/** One handler for each operation: leave one out and it does not compile. */
export type OperationHandlers<Context extends Record<OperationId, unknown>> = {
  readonly [K in OperationId]: (
    context: Context[K],
    input: OperationInput<Operations[K]>,
  ) => HandlerAnswer<Operations[K]> | Promise<HandlerAnswer<Operations[K]>>;
};
