import type { IncomingMessage } from "node:http";
import { LongPollingConnection } from "../transports/long-polling/long-polling-connection.ts";
import type { PostedBytes } from "../transports/posted-bytes.ts";
import { ServerSentEventsConnection } from "../transports/server-sent-events/server-sent-events-connection.ts";
import { type Reply, unknownConnection } from "./reply.ts";
import type { ActiveConnection } from "./server-context.ts";

/**
 * Hands a request's body to the hub. What fits into one message's limit is handed over whole, so that a body that breaks off
 * changes nothing; a longer one holds several messages and flows through, at the hub's pace.
 */
export async function takePost({ hub, transport }: ActiveConnection, message: IncomingMessage): Promise<Reply> {
  const isPosted = transport instanceof LongPollingConnection || transport instanceof ServerSentEventsConnection;
  if (!isPosted) return { status: 405, body: "POST requests are not allowed for WebSocket connections." };
  const limit = hub.settings.maximumReceiveMessageSize;
  const outcome = await transport.posts.inTurn(() => deliver(message, transport.posts, limit));
  switch (outcome) {
    case null:
      return { status: 429, headers: { "Retry-After": "1" } };
    case "delivered":
      return { status: 200, contentType: "text/plain" };
    case "gone":
      return unknownConnection;
    case "broken":
      return { status: 400 };
    case "broken-midway":
      transport.postBroke();
      return { status: 400 };
  }
}

type Delivery = "delivered" | "gone" | "broken" | "broken-midway";

async function deliver(message: IncomingMessage, posts: PostedBytes, limit: number): Promise<Delivery> {
  let gathered: Buffer[] = [];
  let size = 0;
  let isFlowing = false;
  try {
    // Not destroyed when left early: that would take the answer away with the request.
    for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (!posts.isOpen) return "gone";
      gathered.push(chunk);
      size += chunk.length;
      if (size <= limit) continue;
      isFlowing = true;
      const bytes = gathered.length === 1 ? chunk : Buffer.concat(gathered);
      gathered = [];
      size = limit;
      if (!(await posts.push(bytes))) return "gone";
    }
  } catch {
    return isFlowing ? "broken-midway" : "broken";
  }
  if (!message.complete) return isFlowing ? "broken-midway" : "broken";
  if (gathered.length === 0) return posts.isOpen ? "delivered" : "gone";
  return (await posts.push(Buffer.concat(gathered))) ? "delivered" : "gone";
}
