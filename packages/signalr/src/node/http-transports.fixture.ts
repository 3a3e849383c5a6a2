import { Agent, get as httpGet, request } from "node:http";
import type { startHub } from "./hub.fixture.ts";

export type TestHub = Awaited<ReturnType<typeof startHub>>;

const record = (message: object): string => `${JSON.stringify(message)}\u001e`;
export const handshake: string = record({ protocol: "json", version: 1 });
export const call = (target: string, args: readonly unknown[], id: string): string =>
  record({ type: 1, invocationId: id, target, arguments: args });

export type Answer = { readonly status: number; readonly body: string; readonly headers: Headers };

/** A client's single requests, as no official client would send them. */
export async function negotiated(hub: TestHub, token: string | null = null) {
  const access = token === null ? "" : `&access_token=${token}`;
  const response = await hub.negotiate(`?negotiateVersion=1${access}`);
  const { connectionToken, connectionId } = (await response.json()) as {
    connectionToken: string;
    connectionId: string;
  };
  const address = (as: string | null = token) =>
    `${hub.url}?id=${connectionToken}${as === null ? "" : `&access_token=${as}`}`;
  const ask = async (init: RequestInit = {}, as: string | null = token): Promise<Answer> => {
    const answer = await fetch(address(as), init);
    return { status: answer.status, body: await answer.text(), headers: answer.headers };
  };
  return {
    connectionId,
    connectionToken,
    address,
    ask,
    poll: (init: RequestInit = {}) => ask(init),
    post: (body: string, as: string | null = token) => ask({ method: "POST", body }, as),
    end: (as: string | null = token) => ask({ method: "DELETE" }, as),
    stream: (init: RequestInit = {}) =>
      fetch(address(), { ...init, headers: { accept: "text/event-stream", ...init.headers } }),
  };
}

/** Polled once and shaken hands with. */
export async function polling(hub: TestHub, token: string | null = null) {
  const client = await negotiated(hub, token);
  await client.poll();
  await client.post(handshake);
  await client.poll();
  return client;
}

/** A POST that promises more than it sends and then breaks off. */
export function brokenPost(url: string, sent: string, promised: number): Promise<void> {
  return new Promise((resolve) => {
    const post = request(url, { method: "POST", headers: { "content-length": promised } });
    post.on("error", () => resolve());
    post.write(sent, () => setTimeout(() => post.destroy(), 20));
    post.on("close", () => resolve());
  });
}

/** A client that keeps its TCP connection; tells of each request whether it came over one that was there already. */
export function keptAlive() {
  const agent = new Agent({ keepAlive: true });
  return {
    get: (url: string) =>
      new Promise<boolean>((resolve, reject) => {
        const asked = httpGet(url, { agent }, (response) => {
          response.resume();
          response.on("end", () => setImmediate(() => resolve(asked.reusedSocket)));
        });
        asked.on("error", reject);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
