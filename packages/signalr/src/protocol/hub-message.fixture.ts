import fc from "fast-check";
import type { HubMessage } from "./hub-message.ts";

/** Every type of hub message, with values of this kind in it. */
export function hubMessages(value: fc.Arbitrary<unknown>): fc.Arbitrary<HubMessage> {
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  const id = fc.string({ minLength: 1, maxLength: 10 });
  const invocation = { target: text, arguments: fc.array(value), streamIds: fc.array(id) };
  const outcome = fc.oneof(
    fc.record({ kind: fc.constant("error" as const), error: text }),
    fc.record({ kind: fc.constant("void" as const) }),
    fc.record({ kind: fc.constant("result" as const), result: value }),
  );
  const sequenceId = fc.maxSafeInteger().map(Math.abs);
  return fc.oneof(
    fc.record({ type: fc.constant("invocation" as const), invocationId: fc.option(id), ...invocation }),
    fc.record({ type: fc.constant("stream-invocation" as const), invocationId: id, ...invocation }),
    fc.record({ type: fc.constant("stream-item" as const), invocationId: id, item: value }),
    fc.record({ type: fc.constant("completion" as const), invocationId: id, outcome }),
    fc.record({ type: fc.constant("cancel-invocation" as const), invocationId: id }),
    fc.constant<HubMessage>({ type: "ping" }),
    fc.record({ type: fc.constant("close" as const), error: fc.option(text), allowReconnect: fc.boolean() }),
    fc.record({ type: fc.constant("ack" as const), sequenceId }),
    fc.record({ type: fc.constant("sequence" as const), sequenceId }),
  );
}
