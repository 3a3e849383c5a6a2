import type { TextStream } from "@dsp-fleet/contract";
import { describe, expect, test } from "vitest";
import { stubHandlers, stubHttp } from "./testing.ts";

const reading = (stream: Partial<TextStream>) =>
  stubHttp({
    checkAnswers: false,
    handlers: {
      ...stubHandlers,
      deviceHistory: () => ({
        contentType: "text/csv",
        fileName: null,
        chunks: (async function* () {
          yield "";
        })(),
        ...stream,
      }),
    },
  });

/** Listens, asks, and closes. */
async function ask<T>(stream: Partial<TextStream>, look: (response: Promise<Response>) => Promise<T>): Promise<T> {
  await using http = await reading(stream);
  const port = await http.listen({ host: "127.0.0.1", port: 0 });
  const headers = { authorization: "Bearer viewer", "accept-encoding": "identity" };
  return await look(fetch(`http://127.0.0.1:${port}/api/devices/7/history`, { headers }));
}

describe("an answer that is written as it is made", () => {
  test("is a problem when it fails before the first chunk", async () => {
    const chunks = (async function* () {
      await Promise.resolve();
      if (Date.now() > 0) throw new Error("no database");
      yield "never";
    })();
    await ask({ chunks }, async (response) => {
      expect((await response).status).toBe(500);
      expect(await (await response).json()).toMatchObject({ code: "internal" });
    });
  });

  test("is a cut connection when it fails later, never a whole-looking half", async () => {
    const chunks = (async function* () {
      yield "first\n";
      await new Promise(setImmediate);
      throw new Error("the database went away");
    })();
    await ask({ chunks }, async (response) => {
      expect((await response).status).toBe(200);
      await expect((await response).text()).rejects.toThrow("terminated");
    });
  });

  test("is made no faster than it is read, and no further when the reader goes away", async () => {
    let made = 0;
    const ended = Promise.withResolvers<void>();
    const chunks = (async function* () {
      try {
        for (; made < 10_000; made += 1) yield "x".repeat(64 * 1024);
      } finally {
        ended.resolve();
      }
    })();
    await ask({ chunks }, async (response) => {
      const reader = (await response).body?.getReader();
      await reader?.read();
      // What both ends' sockets hold is some MB of the 640.
      let before: number;
      do {
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 100));
      } while (made > before);
      expect(made).toBeLessThan(2_000);
      await reader?.cancel();
      await ended.promise;
      expect(made).toBeLessThan(10_000);
    });
  });

  test("is saved under its name, spelled plainly for old programs", async () => {
    await ask({ fileName: 'Müllers "Van"\r\n 7.csv' }, async (response) => {
      expect((await response).headers.get("content-disposition")).toBe(
        `attachment; filename="Mullers-Van-7.csv"; filename*=UTF-8''M%C3%BCllers%20%22Van%22%0D%0A%207.csv`,
      );
    });
  });
});
