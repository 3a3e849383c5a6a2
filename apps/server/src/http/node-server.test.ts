import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { ListenError } from "./listen.ts";
import { stubHttp } from "./testing.ts";

const http = await stubHttp();
const port = await http.listen({ host: "127.0.0.1", port: 0 });
afterAll(() => http.close());

/** What comes back for these bytes, until the server closes. */
async function raw(bytes: string): Promise<{ head: string; body: string }> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  return { head, body };
}

describe("on the wire", () => {
  test("headers over 8 KB are a 431 problem", async () => {
    const { head, body } = await raw(`GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${"x".repeat(9_000)}\r\n\r\n`);
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(body)).toMatchObject({ status: 431, code: "headers-too-large" });
  });

  test("what is no HTTP is a 400 problem", async () => {
    const { head, body } = await raw("HELO fleet\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({ code: "invalid-request" });
  });

  test("headers may take 10 s, a whole request 30 s", () => {
    expect(http.server.headersTimeout).toBe(10_000);
    expect(http.server.requestTimeout).toBe(30_000);
  });

  test("a request that another part takes over never reaches the API", async () => {
    await using shared = await stubHttp({
      intercept(request, response) {
        if (request.url !== "/hubs/fleet/negotiate") return false;
        response.end("hub");
        return true;
      },
    });
    const address = `http://127.0.0.1:${await shared.listen({ host: "127.0.0.1", port: 0 })}`;
    expect(await (await fetch(`${address}/hubs/fleet/negotiate`)).text()).toBe("hub");
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
  });

  test("a taken port is told in words", async () => {
    await using late = await stubHttp();
    const failure: unknown = await late.listen({ host: "127.0.0.1", port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({
      code: "port-taken",
      message: `Port ${port} is taken by another program. Stop it, or set PORT to a free one.`,
    });
  });

  test("an address of another machine is told in words", async () => {
    await using lost = await stubHttp();
    await expect(lost.listen({ host: "203.0.113.1", port: 0 })).rejects.toMatchObject({ code: "no-such-address" });
  });
});

test("the log has one line for each request, without its address, token or body", async () => {
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  await using logged = await stubHttp({ logger });
  await logged.app.inject({ url: "/api/devices/7?access_token=viewer&near=41.38", headers: { cookie: "c00kie" } });
  await logged.app.inject({ method: "POST", url: "/api/auth/refresh", payload: { refreshToken: "s3cret" } });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: "request", method: "GET", route: "/api/devices/:id", status: 200 },
    { msg: "request", method: "POST", route: "/api/auth/refresh", status: 200 },
  ]);
  expect(lines.join("")).not.toMatch(/viewer|41\.38|c00kie|s3cret/);
});
