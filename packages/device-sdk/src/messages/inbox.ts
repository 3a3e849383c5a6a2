import type { FleetHub } from "@dsp-fleet/contract";
import { type Clock, fullJitter, type HubClient, isHubError, type Random } from "@dsp-fleet/fleet-client";
import type { IncomingMessage, MessageStore, Owed } from "../store/message-store.ts";

export type Inbox = Disposable & {
  /** The store owes the server something new. */
  settle(): void;
};

/** The server sends nothing again for so long: a message lives a week at most. */
const keepForMs = 8 * 24 * 60 * 60_000;
/** As many as the server lets be under way. */
const owedAtOnce = 32;
const sayBackoff = { minimumMs: 1_000, maximumMs: 60_000 };
/** An answer takes milliseconds; the stock client itself notices a dead connection after 30 s. */
const stuckAfterMs = 45_000;

/**
 * Keeps a message before it acknowledges it, and shows it once: what was kept and not seen is shown again only by the next
 * process. What is to be said to the server waits in the store until the server has answered for it.
 */
export async function createInbox(options: {
  hub: HubClient<FleetHub>;
  store: MessageStore;
  clock: Clock;
  random: Random;
  show: (message: IncomingMessage) => void;
  onProblem: (error: unknown) => void;
}): Promise<Inbox> {
  const { hub, store, clock, random, show, onProblem } = options;
  const shown = new Set<string>();
  let isDisposed = false;
  let isConnected = false;
  let running = false;
  let again = false;
  let failures = 0;
  let cancelRetry = () => {};

  function showOnce(message: IncomingMessage): void {
    if (isDisposed || shown.has(message.messageId)) return;
    shown.add(message.messageId);
    show(message);
  }

  async function receive(message: IncomingMessage): Promise<void> {
    if (await store.keep(message, clock.now())) showOnce(message);
    await settle();
  }

  /** Says what is owed, one after the other; never rejects. */
  async function settle(): Promise<void> {
    again = true;
    if (running) return;
    running = true;
    cancelRetry();
    try {
      while (again && isConnected && !isDisposed) {
        again = false;
        for (const owed of await store.owed(owedAtOnce)) {
          await say(owed);
          await store.settle(owed);
          again = true;
        }
      }
      failures = 0;
    } catch (error) {
      if (!isHubError(error)) onProblem(error);
      cancelRetry = clock.after(fullJitter(sayBackoff, failures++, random), () => void settle());
    } finally {
      running = false;
    }
  }

  async function say({ messageId, said }: Owed): Promise<void> {
    const cancelWatch = clock.after(stuckAfterMs, () => hub.restart("no answer"));
    try {
      switch (said.kind) {
        case "received":
          return void (await hub.invoke("MessageReceived", { messageId }));
        case "seen":
          return void (await hub.invoke("MessageSeen", { messageId }));
        case "responded":
          return void (await hub.invoke("MessageResponse", { messageId, responseText: said.responseText }));
      }
    } catch (error) {
      // The server will never take it, so there is nobody to say it to.
      if (!isHubError(error, "not-found") && !isHubError(error, "invalid")) throw error;
    } finally {
      cancelWatch();
    }
  }

  const forgetEvent = hub.on("ReceiveMessage", (message) => void receive(message).catch(onProblem));
  const forgetState = hub.onState(({ kind }) => {
    isConnected = kind === "connected";
    if (isConnected) void settle();
  });
  await store.forget(clock.now() - keepForMs);
  for (const message of await store.unseen()) showOnce(message);

  return {
    settle: () => void settle(),
    [Symbol.dispose]() {
      isDisposed = true;
      cancelRetry();
      forgetEvent();
      forgetState();
    },
  };
}
