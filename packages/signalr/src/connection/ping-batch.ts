import { type Batch, OutgoingMessage } from "../protocol/batch.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";

const pingBatches = new WeakMap<HubProtocol, Batch>();

/** The ping of a protocol, encoded and framed once for good. */
export function pingBatch(protocol: HubProtocol): Batch {
  const known = pingBatches.get(protocol);
  if (known !== undefined) return known;
  const batch = new OutgoingMessage({ type: "ping" }).after(protocol.emptyBatch);
  pingBatches.set(protocol, batch);
  return batch;
}
