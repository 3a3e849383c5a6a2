import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { stockConnection } from "./stock-connection.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function aServerThatAnswers(status: number): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hubs/fleet`;
}

const connect = (url: string) => stockConnection()({ url, accessToken: async () => "token" }).start();

test("401 is told apart", async () => {
  await expect(connect(await aServerThatAnswers(401))).rejects.toMatchObject({
    name: "HubError",
    code: "unauthorized",
  });
});

test.each([404, 500, 503])("from %i", async (status) => {
  await expect(connect(await aServerThatAnswers(status))).rejects.not.toHaveProperty("code");
});

test("and from no server at all", async () => {
  const url = await aServerThatAnswers(200);
  for (const close of closing.splice(0)) close();
  await expect(connect(url)).rejects.not.toHaveProperty("code");
});
