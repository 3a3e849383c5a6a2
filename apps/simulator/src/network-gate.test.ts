import type { HubConnectionLike } from "@dsp-fleet/fleet-client";
import { expect, test } from "vitest";
import { createNetworkGate } from "./network-gate.ts";

function aGate() {
  const line = { isStopped: false, drop: (_: string): void => {} };
  const connection: HubConnectionLike = {
    start: async () => {},
    async stop() {
      line.isStopped = true;
    },
    invoke: (method) => (method === "hangs" ? new Promise(() => {}) : Promise.resolve(method)),
    on() {},
    onClose(handler) {
      line.drop = handler;
    },
  };
  const gate = createNetworkGate(
    () => connection,
    async () => new Response("ok"),
  );
  const open = gate.network.openConnection;
  const send = gate.network.fetch;
  if (open === undefined || send === undefined) throw new Error("the gate has no way out");
  const target = { url: "http://fleet.test", accessToken: async () => "" };
  return { gate, line, send, connect: () => open(target) };
}

test("an open gate is not felt", async () => {
  const { connect, send } = aGate();
  const connection = connect();
  await connection.start();
  expect(await connection.invoke("M", [])).toBe("M");
  expect(await (await send("http://fleet.test")).text()).toBe("ok");
});

test("a closed gate lets nothing through", async () => {
  const { gate, connect, send } = aGate();
  gate.set(false);
  await expect(connect().start()).rejects.toThrow("no network");
  await expect(send("http://fleet.test")).rejects.toThrow("no network");
});

test("closing breaks what is connected, calls under way included, and tells once", async () => {
  const { gate, line, connect } = aGate();
  const connection = connect();
  const problems: string[] = [];
  connection.onClose((problem) => problems.push(problem));
  await connection.start();
  const call = connection.invoke("hangs", []);
  gate.set(false);
  line.drop("closed by the stop");
  await expect(call).rejects.toThrow("no network");
  expect(problems).toEqual(["no network"]);
  expect(line.isStopped).toBe(true);
});

test("opening tells the phone that the network is back", () => {
  const { gate } = aGate();
  let told = 0;
  const forget = gate.network.onOnline?.(() => void told++);
  gate.set(false);
  gate.set(true);
  gate.set(true);
  forget?.();
  gate.set(false);
  gate.set(true);
  expect(told).toBe(1);
});
