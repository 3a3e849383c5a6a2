import type { DeviceBound } from "@dsp-fleet/contract";
import type { HubClient } from "./hub-client.ts";
import type { PhoneLife } from "./phone.ts";

/** What a phone does with messages: keeps the id, shows it once, says so, and says it again until it was heard. */
export type Inbox = {
  online(hub: HubClient, bound: DeviceBound): void;
  offline(): void;
  unbound(): void;
  hear(event: string, args: readonly unknown[]): void;
};

type Kind = "received" | "seen" | "response";
type Open = { messageId: string; kind: Kind };

const methods = { received: "MessageReceived", seen: "MessageSeen", response: "MessageResponse" } as const;
const operations = { received: "messageReceived", seen: "messageSeen", response: "messageResponse" } as const;

export function createInbox(phone: PhoneLife): Inbox {
  const { dice } = phone;
  /** In flash. */
  const shown = new Set<string>();
  const open = new Map<string, Open>();
  let hub: HubClient | null = null;
  let bound: DeviceBound | null = null;

  function acknowledge(entry: Open): void {
    const { messageId, kind } = entry;
    const key = `${messageId} ${kind}`;
    const deviceId = bound?.deviceId ?? 0;
    open.set(key, entry);
    const text = `reply of ${phone.name}`;
    phone.write({ what: "ack-sent", deviceId, messageId, kind });
    const acknowledged = () => {
      open.delete(key);
      phone.write({ what: "acked", deviceId, messageId, kind });
    };
    if (dice.chance(0.15) && bound !== null) {
      const { accessToken } = bound;
      const request = { operation: operations[kind], token: accessToken, params: { id: messageId } };
      phone.access.call({ ...request, body: kind === "response" ? { responseText: text } : {} }, (answer) => {
        if (answer?.status === 204) acknowledged();
      });
      return;
    }
    hub?.invoke(methods[kind], kind === "response" ? [messageId, text] : [messageId], (outcome) => {
      if (outcome.kind === "result") acknowledged();
      if (outcome.kind === "error") phone.write({ what: "call-failed", method: methods[kind], error: outcome.error });
    });
  }

  /** In any order, late, twice: the server must come out the same. */
  function react(messageId: string): void {
    const to = bound;
    const kinds: Kind[] = ["received"];
    if (dice.chance(0.6)) kinds.push("seen");
    if (dice.chance(0.4)) kinds.push("response");
    if (dice.chance(0.2)) kinds.reverse();
    if (dice.chance(0.1)) kinds.push("received");
    let after = dice.chance(0.1) ? dice.between(5_000, 14_000) : dice.between(0, 600);
    for (const kind of kinds) {
      phone.later(after, () => {
        if (bound?.deviceId === to?.deviceId) acknowledge({ messageId, kind });
      });
      after += dice.between(0, 3_000);
    }
  }

  function retry(): void {
    for (const entry of [...open.values()]) acknowledge(entry);
  }

  return {
    online(client, to) {
      hub = client;
      bound = to;
      retry();
    },
    offline() {
      hub = null;
    },
    unbound() {
      hub = null;
      bound = null;
      open.clear();
      shown.clear();
    },
    hear(event, [messageId, body]) {
      if (event !== "ReceiveMessage" || typeof messageId !== "string") return;
      const deviceId = bound?.deviceId ?? 0;
      phone.write({ what: "message-came", deviceId, messageId, body: String(body) });
      if (shown.has(messageId)) {
        // The answer to the first acknowledgement may have been lost.
        return acknowledge({ messageId, kind: "received" });
      }
      shown.add(messageId);
      phone.write({ what: "message-shown", deviceId, messageId, body: String(body) });
      react(messageId);
    },
  };
}
