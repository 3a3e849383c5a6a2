import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { createDriver, type Reaction } from "./driver.ts";

const messages = Array.from({ length: 200 }, (_, at) => `m${at}`);

const afterSeconds = (driver: ReturnType<typeof createDriver>, seconds: number, isStanding: boolean) => {
  const reactions: (Reaction & { second: number })[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    for (const reaction of driver.step(isStanding)) reactions.push({ ...reaction, second });
  }
  return reactions;
};

test("a driver looks at each message within half a minute, and answers more than half of them once the van stands", () => {
  const driver = createDriver(createRandom("driver"), "es");
  for (const message of messages) driver.shown(message);
  const driving = afterSeconds(driver, 60, false);
  expect(driving.map(({ kind }) => kind)).toEqual(Array(200).fill("sees"));
  expect(new Set(driving.map(({ messageId }) => messageId))).toEqual(new Set(messages));
  expect(Math.max(...driving.map(({ second }) => second))).toBeLessThanOrEqual(25);
  const standing = afterSeconds(driver, 60, true);
  expect(standing.length).toBeGreaterThan(80);
  expect(standing.length).toBeLessThan(160);
  expect(new Set(standing.map(({ messageId }) => messageId)).size).toBe(standing.length);
  expect(standing[0]).toMatchObject({ kind: "answers", responseText: expect.stringMatching(/\S/) });
  expect(afterSeconds(driver, 60, true)).toEqual([]);
});

test("an unknown language answers in English", () => {
  const driver = createDriver(createRandom("driver"), "xx");
  for (const message of messages) driver.shown(message);
  const answers = afterSeconds(driver, 60, true).flatMap((one) => (one.kind === "answers" ? [one.responseText] : []));
  expect(new Set(answers)).toEqual(new Set(["On my way", "OK", "There in 10 minutes", "Not possible now"]));
});
