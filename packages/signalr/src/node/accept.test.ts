import { describe, expect, test } from "vitest";
import { createMemoryTransport, createVirtualClock } from "../testing/index.ts";
import { createSignalR } from "./create-signalr.ts";

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

async function aServer(authentication: "accepted" | "unauthorized" = "accepted") {
  const clock = createVirtualClock();
  const signalr = createSignalR({ clock });
  const left: (string | null)[] = [];
  signalr.mapHub("/hubs/echo", {
    authenticate: () =>
      authentication === "accepted"
        ? { kind: "accepted", principal: null, principalKey: "anybody" }
        : { kind: "unauthorized" },
    methods: { Echo: { minArguments: 1, maxArguments: 1, invoke: (_caller, [text]) => text } },
    onDisconnected: (_caller, error) => void left.push(error === null ? null : error.message),
  });
  const heard: string[] = [];
  const transport = createMemoryTransport({
    text: (text) => void heard.push(...text.split("\u001e").filter((record) => record !== "")),
    goodbye: () => void heard.push("goodbye"),
    dropped: () => void heard.push("dropped"),
  });
  const facts = { rawHeaders: ["Host", "fleet.test"], remoteAddress: "10.0.0.1", encrypted: false };
  const accept = (url: string) => signalr.accept(transport, { url, ...facts });
  const say = async (message: object) => {
    transport.text(`${JSON.stringify(message)}\u001e`);
    await turn();
  };
  return { clock, signalr, transport, heard, left, accept, say };
}

describe("a transport of one's own", () => {
  test("carries a hub connection as an upgraded socket does", async () => {
    const { accept, say, heard, left, transport } = await aServer();
    expect(await accept("/hubs/echo")).toBe(101);
    await say({ protocol: "json", version: 1 });
    await say({ type: 1, invocationId: "1", target: "echo", arguments: ["hello"] });
    expect(heard).toEqual(["{}", '{"type":3,"invocationId":"1","result":"hello"}']);
    transport.goodbye();
    await turn();
    expect(left).toEqual([null]);
  });

  test("is refused where an upgrade is", async () => {
    const stranger = await aServer("unauthorized");
    expect(await stranger.accept("/hubs/echo")).toBe(401);
    expect(await stranger.accept("/hubs/echo/negotiate")).toBe(404);
    expect(await stranger.accept("/hubs/other")).toBe(404);
    await stranger.signalr.stop();
    expect(await stranger.accept("/hubs/echo")).toBe(503);
  });

  test("is dropped when the client does not answer the goodbye", async () => {
    const { accept, say, heard, signalr, clock } = await aServer();
    await accept("/hubs/echo");
    await say({ protocol: "json", version: 1 });
    const stopped = signalr.stop({ timeoutMs: 10_000 });
    await turn();
    expect(heard.at(-1)).toBe("goodbye");
    clock.advance(5_000);
    expect(heard.at(-1)).toBe("dropped");
    await stopped;
  });

  test("that breaks is told to the hub as lost", async () => {
    const { accept, say, left, transport } = await aServer();
    await accept("/hubs/echo");
    await say({ protocol: "json", version: 1 });
    transport.lost();
    await turn();
    expect(left).toEqual(["The connection was lost."]);
  });
});
