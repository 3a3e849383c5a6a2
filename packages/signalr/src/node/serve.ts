import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SignalR } from "./create-signalr.ts";

/** Hubs on a local port, to be disposed of. */
export type LocalServer = AsyncDisposable & {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `ws://127.0.0.1:port` */
  readonly webSocketUrl: string;
};

/** Serves nothing but the hubs, on 127.0.0.1. Disposing stops the hubs first. Default port: any free one. */
export async function serveLocally(signalr: SignalR, port = 0): Promise<LocalServer> {
  const server = createServer((request, response) => {
    if (!signalr.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on("upgrade", (request, socket, head) => {
    if (!signalr.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    webSocketUrl: `ws://127.0.0.1:${actual}`,
    [Symbol.asyncDispose]: async () => {
      await signalr.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
