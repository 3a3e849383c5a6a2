import { describe, expect, test } from "vitest";
import { LongPollingConnection, type Poll } from "./long-polling-connection.ts";

type TestPoll = Poll & { said: string | null; bufferedBytes: number };

const aPoll = (): TestPoll => {
  const poll: TestPoll = {
    said: null,
    bufferedBytes: 0,
    answer: (bytes) => void (poll.said = `200 ${bytes.toString()}`),
    end: () => void (poll.said = "204"),
    destroy: () => void (poll.said = "destroyed"),
  };
  return poll;
};

function established() {
  const log: string[] = [];
  const connection = new LongPollingConnection({ pollSeconds: 90, disconnectSeconds: 15 });
  connection.start({
    received: (chunk) => void log.push(`received ${chunk.toString()}`),
    ended: (error) => void log.push(`ended ${error?.message ?? "well"}`),
    closed: () => void log.push("closed"),
  });
  const first = aPoll();
  connection.poll(first);
  connection.answered(first);
  const poll = () => {
    const next = aPoll();
    connection.poll(next);
    return next;
  };
  const seconds = (count: number) => {
    for (let second = 0; second < count; second++) connection.tick();
  };
  return { connection, log, first, poll, seconds };
}

describe("a long-polling connection", () => {
  test("gives the bytes of an answer that did not get through to the next poll, before newer ones", () => {
    const { connection, poll } = established();
    const lost = poll();
    connection.sendText("one ");
    expect(lost.said).toBe("200 one ");
    connection.sendText("two");
    expect(connection.bufferedBytes).toBe(7);
    connection.lost(lost);
    expect(poll().said).toBe("200 one two");
  });

  test("lets a poll wait that overtakes the end of an answer", () => {
    const { connection, poll } = established();
    const first = poll();
    connection.sendText("one");
    const second = poll();
    connection.sendText("two");
    expect(second.said).toBeNull();
    connection.answered(first);
    expect(second.said).toBe("200 two");
  });

  test("is not silent while an answer is on its way, but an answer that is stuck for 10 s ends it", () => {
    const { connection, log, poll, seconds } = established();
    const slow = poll();
    connection.sendText("slow");
    for (slow.bufferedBytes = 40; slow.bufferedBytes > 10; slow.bufferedBytes--) seconds(1);
    expect(log).toEqual([]);
    seconds(12);
    expect(slow.said).toBe("destroyed");
    expect(log).toEqual(["ended A write did not complete in time.", "closed"]);
  });

  test("that is closed and never asked again goes after the time between two polls", () => {
    const { connection, log, seconds } = established();
    connection.sendText("last words");
    connection.close();
    seconds(14);
    expect(log).toEqual([]);
    seconds(1);
    expect(log).toEqual(["ended The client did not poll in time.", "closed"]);
  });

  test("tells a poll that waits at once that it is over", () => {
    const { connection, log, poll } = established();
    const waiting = poll();
    connection.close();
    expect(waiting.said).toBe("204");
    expect(log).toEqual(["ended well", "closed"]);
    expect(poll().said).toBe("204");
  });

  test("holds back who posts while the hub is busy, and lets them go at the end", async () => {
    const { connection, log } = established();
    connection.pause();
    const posted = connection.posts.push(Buffer.from("a"));
    await Promise.resolve();
    expect(log).toEqual([]);
    connection.resume();
    expect(await posted).toBe(true);
    connection.pause();
    const late = connection.posts.push(Buffer.from("b"));
    connection.end();
    expect(await late).toBe(false);
    expect(log).toEqual(["received a", "ended well", "closed"]);
  });
});
