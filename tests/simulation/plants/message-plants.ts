import type { Plant, Spoilable } from "./plant.ts";

type Message = { messageId: string; body: string; displaySeconds: number };
type Send = (message: Message) => void;

/** Puts something around every ReceiveMessage that goes to a connection. Delivery holds this very `tell`. */
function aroundSends({ tell }: Spoilable, around: (send: Send) => Send): void {
  const { connection } = tell;
  Object.assign(tell, {
    connection(connectionId: string) {
      const senders = connection(connectionId);
      return Object.assign(Object.create(senders), {
        ReceiveMessage: around((message) => senders.ReceiveMessage(message)),
      });
    },
  });
}

export const messagePlants: readonly Plant[] = [
  {
    name: "messages that wait are forgotten at a restart",
    breaks: "D1 an accepted message reaches its device",
    app(app) {
      const { connected } = app.messages;
      const since = app.clock.now();
      app.messages = {
        ...app.messages,
        connected: (receiver, connectionId) =>
          app.clock.now() - since < 60_000 ? Promise.resolve() : connected(receiver, connectionId),
      };
    },
  },
  {
    name: "a phone that connects is not sent what waits for it",
    breaks: "D1 an accepted message reaches its device",
    app(app) {
      app.messages = { ...app.messages, connected: () => Promise.resolve() };
    },
  },
  {
    name: "an acknowledgement does not stop the resends",
    breaks: "D3 a received message is not sent again",
    app: (app) =>
      aroundSends(app, (send) => (message) => {
        send(message);
        app.clock.after(15_000, () => send(message));
      }),
  },
  {
    name: "every message goes out twice",
    breaks: "D3 one copy is under way at most",
    app: (app) =>
      aroundSends(app, (send) => (message) => {
        send(message);
        send({ ...message });
      }),
  },
  {
    name: "a message is sent before it is kept",
    breaks: "a message is kept before it is sent",
    app(app) {
      const { send } = app.messages;
      app.messages = {
        ...app.messages,
        async send(order) {
          for (const { messageId, deviceId } of order.receivers) {
            const { body, displaySeconds } = order;
            app.tell.device(deviceId).ReceiveMessage({ messageId, body, displaySeconds });
          }
          await new Promise<void>((resolve) => void app.clock.after(3_000, resolve));
          return send(order);
        },
      };
    },
  },
  {
    name: "a request that comes again makes a second message",
    breaks: "D2 one key, one message",
    app(app) {
      const { send, stored } = app.messages;
      app.messages = {
        ...app.messages,
        stored: { ...stored, recall: () => Promise.resolve(null) },
        send: (order) => send({ ...order, key: null }),
      };
    },
  },
  {
    name: "a message goes to the neighbour's phone",
    breaks: "a message reaches the device that it is for",
    app(app) {
      const { connected } = app.messages;
      const last = new Map<number, string>();
      app.messages = {
        ...app.messages,
        connected(receiver, connectionId) {
          const neighbour = last.get(receiver.accountId) ?? connectionId;
          last.set(receiver.accountId, connectionId);
          return connected(receiver, neighbour);
        },
      };
    },
  },
  {
    name: "a cancelled message is sent all the same",
    breaks: "a cancelled message is not sent",
    app(app) {
      const { connection } = app.tell;
      const { cancel } = app.messages;
      const cancelled = new Map<number, Message>();
      app.messages = {
        ...app.messages,
        async cancel(...args) {
          const message = await cancel(...args);
          if (message?.state === "cancelled") {
            cancelled.set(message.deviceId, message);
            app.clock.after(5_000, () => app.tell.device(message.deviceId).ReceiveMessage(message));
          }
          return message;
        },
        connected: (receiver, connectionId) => {
          const message = cancelled.get(receiver.deviceId);
          if (message !== undefined) connection(connectionId).ReceiveMessage(message);
          return Promise.resolve();
        },
      };
    },
  },
  {
    name: "messages have no end",
    breaks: "D7 an expired message is not sent",
    app(app) {
      const { send } = app.messages;
      app.messages = {
        ...app.messages,
        async send(order) {
          const created = await send({ ...order, expiresAt: order.expiresAt + 3_600_000 });
          if (created.kind === "key-reused") return created;
          return { ...created, messages: created.messages.map((one) => ({ ...one, expiresAt: order.expiresAt })) };
        },
      };
    },
  },
  {
    name: "a late acknowledgement takes the state back",
    breaks: "D6 the state never falls",
    app(app) {
      const { account } = app.tell;
      Object.assign(app.tell, {
        account(accountId: number) {
          const senders = account(accountId);
          return Object.assign(Object.create(senders), {
            MessageUpdated({ message }: Parameters<typeof senders.MessageUpdated>[0]) {
              senders.MessageUpdated({ message });
              if (message.state === "seen") senders.MessageUpdated({ message: { ...message, state: "received" } });
            },
          });
        },
      });
    },
  },
  {
    name: "everything that waits is sent at once, however much it is",
    breaks: "D7 at most 32 are under way",
    app(app) {
      const { connected, stored } = app.messages;
      const { connection } = app.tell;
      app.messages = {
        ...app.messages,
        async connected(receiver, connectionId) {
          const { accountId, deviceId } = receiver;
          const now = app.clock.now();
          const filter = { deviceId, pendingAt: now, order: "oldest-first", after: null, limit: 200 } as const;
          for (const message of await stored.list(accountId, filter)) connection(connectionId).ReceiveMessage(message);
          await connected(receiver, connectionId);
        },
      };
    },
  },
];
