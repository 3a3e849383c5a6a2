import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes bytes on to a port until it is told to fall silent: both ends stay open and hear nothing more. */
export type HalfOpenProxy = AsyncDisposable & { readonly port: number; fallSilent(): void };

export async function halfOpenProxy(targetPort: number): Promise<HalfOpenProxy> {
  const sockets = new Set<Socket>();
  let silent = false;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on("data", (chunk) => {
      if (!silent) to.write(chunk);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      if (!silent) to.destroy();
    });
  };
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    pass(client, target);
    pass(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent() {
      silent = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
