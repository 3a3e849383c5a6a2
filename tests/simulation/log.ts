import type { Device, Message, Rescue, SamplesReceipt } from "@dsp-fleet/contract";

/** What clients wrote down, and how lines and processes really fared. The checker reads this and nothing else. */
export type Fact =
  // How it really was.
  | { what: "line"; line: number; path: string; state: "tried" | "up" | "dead" }
  | { what: "radio"; on: boolean }
  | { what: "disk"; full: boolean }
  | { what: "served" | "died"; process: number }
  | { what: "server-error"; text: string }
  | { what: "calm" }
  // Any client.
  | { what: "foreign"; text: string }
  | { what: "refused"; path: string; status: number | null; token: string | null }
  | { what: "call-failed"; method: string; error: string }
  | { what: "unexpected"; text: string }
  // Phones.
  | { what: "code"; code: string; by: "guid" | "connection" }
  | { what: "registered"; pending: boolean }
  | { what: "bound"; deviceId: number; accountId: number; code: string }
  | { what: "phone-started"; index: number; clockAheadMs: number }
  | { what: "phone-crashed" }
  | { what: "live-sent"; deviceId: number; call: number; lat: number; lon: number }
  | { what: "live-answered"; deviceId: number; call: number }
  | {
      what: "samples-sent";
      deviceId: number;
      call: number;
      keys: number[];
      bad: { index: number; why: string }[];
      audit: boolean;
    }
  | { what: "samples-answered"; deviceId: number; call: number; receipt: SamplesReceipt }
  | { what: "last-heard"; deviceId: number; heardAt: number }
  | { what: "message-came" | "message-shown"; deviceId: number; messageId: string; body: string }
  | { what: "ack-sent" | "acked"; deviceId: number; messageId: string; kind: "received" | "seen" | "response" }
  | { what: "rescue-heard"; deviceId: number; event: "started" | "ended"; sessionId: string }
  | { what: "peer-heard"; deviceId: number; peerDeviceId: number }
  // Dashboards.
  | { what: "rescue-started" | "rescue-ended"; sessionId: string | null; status: number | null }
  | { what: "rescues"; items: Rescue[] }
  | { what: "message-asked"; key: string; body: string }
  | { what: "message-answered"; key: string; status: number; items: Message[] }
  | { what: "cancel-asked"; messageId: string }
  | { what: "cancel-answered"; messageId: string; state: string | null }
  | { what: "messages"; items: Message[] }
  | { what: "signed-in"; accountId: number; marker: string }
  | { what: "signed-out"; firstTriedAt: number }
  | { what: "hub-open"; deviceId: number | null }
  | { what: "hub-closed" }
  | { what: "snapshot-asked" }
  | { what: "snapshot"; devices: Device[]; final: boolean }
  | { what: "event"; event: string; args: unknown[] }
  | { what: "bind-asked"; code: string }
  | { what: "bind-answered"; code: string; status: number | null; deviceId: number | null }
  | { what: "unbind-asked"; deviceId: number }
  | { what: "unbind-answered"; deviceId: number; status: number | null }
  | { what: "renamed"; deviceId: number; status: number | null; name: string };

export type Entry = Fact & { readonly at: number; readonly who: string };

export type Log = {
  readonly entries: readonly Entry[];
  write(who: string, fact: Fact): void;
};

export function createLog(now: () => number): Log {
  const entries: Entry[] = [];
  return {
    entries,
    write(who, fact) {
      entries.push({ at: now(), who, ...fact });
    },
  };
}
