import type { Message } from "@dsp-fleet/contract";
import type { HubClient } from "./hub-client.ts";
import type { People } from "./people.ts";
import type { Answer } from "./rest.ts";

export type Sent = { items: Message[] };

/** What a dispatcher of the account does with messages. */
export const messagesOf = (people: People, account: string) => {
  const asDispatcher = async <T>(request: string, body?: unknown, headers?: Record<string, string>) => {
    const { token } = await people.account(account);
    return people.rest<T>(request, {
      token,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    });
  };
  return {
    post: (body: unknown, headers?: Record<string, string>): Promise<Answer<Sent>> =>
      asDispatcher("POST /api/messages", body, headers),
    /** Sends it to one device and answers the message. */
    async send(deviceId: number, body = "Call the depot", more: Record<string, unknown> = {}): Promise<Message> {
      const answer = await asDispatcher<Sent>("POST /api/messages", { deviceIds: [deviceId], body, ...more });
      const [message] = answer.body.items ?? [];
      if (answer.status !== 202 || message === undefined) throw new Error(`not sent: ${answer.status} ${answer.text}`);
      return message;
    },
    read: async (id: string): Promise<Message> => (await asDispatcher<Message>(`GET /api/messages/${id}`)).body,
    cancel: (id: string): Promise<Answer<Message>> => asDispatcher(`POST /api/messages/${id}/cancel`),
    list: (query = ""): Promise<Answer<Sent & { nextCursor: string | null }>> =>
      asDispatcher(`GET /api/messages${query}`),
  };
};

/** The ids of the messages that a phone was sent, in order. */
export const shown = (phone: HubClient): string[] =>
  phone.received.filter(({ event }) => event === "ReceiveMessage").map(({ named }) => String(named["messageId"]));

/** What the account heard of one message, in order, MessageUpdated as its state. */
export const heardOf = (client: HubClient, messageId: string): string[] =>
  client.received.flatMap(({ event, named }) => {
    const message = named["message"] as Message | undefined;
    if (message?.id === messageId) return [`MessageUpdated ${message.state}`];
    return named["messageId"] === messageId ? [event] : [];
  });
