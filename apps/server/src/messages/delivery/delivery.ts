import type { Clock } from "../../clock.ts";
import type { StoredMessage } from "../message.ts";
import { longestResendMs, resendAfterMs } from "./resend-after.ts";

export type DeliverableMessage = Pick<
  StoredMessage,
  "id" | "messageId" | "accountId" | "deviceId" | "body" | "displaySeconds" | "expiresAt"
>;

export type Receiver = { readonly accountId: number; readonly deviceId: number };

export type DeliveryParts = {
  clock: Clock;
  /** What is kept for a device and still to be delivered, the oldest first, but for these. */
  pending(receiver: Receiver, except: readonly number[], limit: number, now: number): Promise<DeliverableMessage[]>;
  /** To one connection. One that has gone is no error. */
  send(connectionId: string, message: DeliverableMessage): void;
  /** It has just gone out. */
  sent(message: DeliverableMessage, at: number): void;
  failed(error: unknown): void;
};

/** Brings messages to the devices that are connected. What is pending is in the store; here is only what is under way. */
export type Delivery = {
  /** This connection takes the device's delivery over. Resolves when what fits into the window has been sent to it. */
  connected(receiver: Receiver, connectionId: string): Promise<void>;
  /** When it was the one that delivered, the newest of the others goes on. */
  disconnected(deviceId: number, connectionId: string): void;
  /** Messages that are stored now, in the order of their creation. */
  offer(messages: readonly DeliverableMessage[]): void;
  /** From here on the message is not sent again. */
  stop(deviceId: number, messageId: string): void;
  /** The device is bound no longer. */
  forget(deviceId: number): void;
  close(): void;
};

/** Messages that are under way to one device and not yet acknowledged: what a phone shows at once fits many times. */
export const deliveryWindow = 32;
/** A store that could not be read is asked again after this. */
const readAgainAfterMs = 1_000;

type Flight = { readonly message: DeliverableMessage; sends: number; dueAt: number };

/** The way to one connected device. */
type Lane = {
  readonly receiver: Receiver;
  /** In the order of their coming; the last one delivers. */
  readonly connections: string[];
  /** By message id, at most `deliveryWindow`. */
  readonly flights: Map<string, Flight>;
  /** The store may hold messages for this device that are not in flight. */
  more: boolean;
  reading: Promise<void> | null;
  /** What was stopped while the store was being read: the answer may still list it. */
  readonly stoppedMeanwhile: Set<string>;
  /** The highest id that was ever in flight here. */
  newestId: number;
  timer: { at: number; cancel: () => void } | null;
};

export function createDelivery({ clock, pending, send, sent, failed }: DeliveryParts): Delivery {
  const lanes = new Map<number, Lane>();

  const isOpen = (lane: Lane): boolean => lanes.get(lane.receiver.deviceId) === lane;
  const room = (lane: Lane): number => deliveryWindow - lane.flights.size;

  function sendNow(lane: Lane, flight: Flight): void {
    const connectionId = lane.connections.at(-1);
    const now = clock.now();
    if (connectionId === undefined) return;
    if (flight.message.expiresAt <= now) {
      lane.flights.delete(flight.message.messageId);
      return;
    }
    send(connectionId, flight.message);
    flight.sends += 1;
    flight.dueAt = now + resendAfterMs(flight.sends);
    sent(flight.message, now);
  }

  function take(lane: Lane, message: DeliverableMessage): void {
    const flight: Flight = { message, sends: 0, dueAt: 0 };
    lane.flights.set(message.messageId, flight);
    lane.newestId = Math.max(lane.newestId, message.id);
    sendNow(lane, flight);
  }

  /** Sends everything again from the start, the oldest first: the connection that delivers has changed. */
  function startOver(lane: Lane): void {
    for (const flight of inOrder(lane)) {
      flight.sends = 0;
      sendNow(lane, flight);
    }
    arm(lane);
  }

  function arm(lane: Lane): void {
    const due = Math.min(...[...lane.flights.values()].map(({ dueAt }) => dueAt));
    if (due === Number.POSITIVE_INFINITY) return disarm(lane);
    if (lane.timer?.at === due) return;
    disarm(lane);
    const wait = Math.min(longestResendMs, Math.max(0, due - clock.now()));
    lane.timer = { at: due, cancel: clock.after(wait, () => fire(lane)) };
  }

  function disarm(lane: Lane): void {
    lane.timer?.cancel();
    lane.timer = null;
  }

  function fire(lane: Lane): void {
    lane.timer = null;
    if (!isOpen(lane)) return;
    const now = clock.now();
    for (const flight of inOrder(lane)) {
      // A clock that was set back must not hold a message up.
      if (flight.dueAt <= now || flight.dueAt - now > longestResendMs) sendNow(lane, flight);
    }
    arm(lane);
    void fill(lane);
  }

  /** Brings what the store holds into flight, as far as the window allows. Never rejects. */
  function fill(lane: Lane): Promise<void> {
    if (lane.reading !== null) return lane.reading;
    if (!lane.more || room(lane) <= 0) return Promise.resolve();
    lane.reading = read(lane);
    return lane.reading;
  }

  async function read(lane: Lane): Promise<void> {
    try {
      while (isOpen(lane) && lane.more && room(lane) > 0) {
        lane.more = false;
        lane.stoppedMeanwhile.clear();
        const limit = room(lane);
        const inFlight = [...lane.flights.values()].map(({ message }) => message.id);
        const found = await pending(lane.receiver, inFlight, limit, clock.now());
        if (!isOpen(lane)) return;
        if (found.length === limit) lane.more = true;
        for (const message of found) if (!lane.stoppedMeanwhile.has(message.messageId)) take(lane, message);
        arm(lane);
      }
    } catch (error) {
      failed(error);
      lane.more = true;
      clock.after(readAgainAfterMs, () => {
        if (isOpen(lane)) void fill(lane);
      });
    } finally {
      // In the same moment as the last look at `more`: what is offered from here on begins to read anew.
      lane.reading = null;
    }
  }

  function closeLane(lane: Lane): void {
    disarm(lane);
    lanes.delete(lane.receiver.deviceId);
  }

  return {
    async connected(receiver, connectionId) {
      let lane = lanes.get(receiver.deviceId);
      if (lane === undefined) {
        lane = {
          receiver,
          connections: [],
          flights: new Map(),
          more: true,
          reading: null,
          stoppedMeanwhile: new Set(),
          newestId: 0,
          timer: null,
        };
        lanes.set(receiver.deviceId, lane);
      }
      lane.connections.push(connectionId);
      startOver(lane);
      await fill(lane);
    },

    disconnected(deviceId, connectionId) {
      const lane = lanes.get(deviceId);
      const index = lane?.connections.indexOf(connectionId) ?? -1;
      if (lane === undefined || index < 0) return;
      const delivered = index === lane.connections.length - 1;
      lane.connections.splice(index, 1);
      if (lane.connections.length === 0) closeLane(lane);
      else if (delivered) startOver(lane);
    },

    offer(messages) {
      for (const message of messages) {
        const lane = lanes.get(message.deviceId);
        if (lane === undefined) continue;
        // One that may have been in flight already, or that older ones wait before, comes by way of the store.
        if (lane.more || lane.reading !== null || room(lane) <= 0 || message.id <= lane.newestId) {
          lane.more = true;
          void fill(lane);
        } else {
          take(lane, message);
          arm(lane);
        }
      }
    },

    stop(deviceId, messageId) {
      const lane = lanes.get(deviceId);
      if (lane === undefined) return;
      if (lane.reading !== null) lane.stoppedMeanwhile.add(messageId);
      if (!lane.flights.delete(messageId)) return;
      arm(lane);
      void fill(lane);
    },

    forget(deviceId) {
      const lane = lanes.get(deviceId);
      if (lane !== undefined) closeLane(lane);
    },

    close() {
      for (const lane of [...lanes.values()]) closeLane(lane);
    },
  };
}

const inOrder = (lane: Lane): Flight[] => [...lane.flights.values()].toSorted((a, b) => a.message.id - b.message.id);
