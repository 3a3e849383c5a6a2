import type { ServerResponse } from "node:http";
import type { Poll } from "../transports/long-polling/long-polling-connection.ts";
import type { EventStream } from "../transports/server-sent-events/server-sent-events-connection.ts";

type Headers = Readonly<Record<string, string>>;

/** The answer as a stream that neither caches nor proxies hold back. */
export function eventStream(response: ServerResponse, cors: Headers): EventStream {
  response.writeHead(200, {
    ...cors,
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache,no-store",
    Pragma: "no-cache",
    "Content-Encoding": "identity",
    "X-Accel-Buffering": "no",
  });
  return {
    get bufferedBytes() {
      return response.writableLength;
    },
    write: (bytes) => void (response.destroyed || response.write(bytes)),
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  };
}

/** The answer as one that is given later. */
export function pendingPoll(response: ServerResponse, cors: Headers): Poll {
  const headers = {
    ...cors,
    "Cache-Control": "no-cache, no-store",
    Pragma: "no-cache",
    Expires: "Thu, 01 Jan 1970 00:00:00 GMT",
  };
  return {
    get bufferedBytes() {
      return response.writableLength;
    },
    answer: (bytes) => {
      const contentType = bytes.length === 0 ? "text/plain" : "application/octet-stream";
      response.writeHead(200, { ...headers, "Content-Type": contentType, "Content-Length": String(bytes.length) });
      response.end(bytes);
    },
    end: () => void response.writeHead(204, headers).end(),
    destroy: () => void response.destroy(),
  };
}
