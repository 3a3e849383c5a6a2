import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import { startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";

const dayMs = 24 * 3_600_000;

test("signing keys rotate by their age: tokens of before stay good until their end, new ones have the new key", async () => {
  const clock = heldClock();
  await using fleet = await startFleet({ clock });
  const kidsInFile = async () => {
    const file = JSON.parse(await readFile(join(fleet.dataDir, "signing-keys.json"), "utf8")) as {
      tokenKeys: { kid: string }[];
    };
    return file.tokenKeys.map(({ kid }) => kid);
  };
  const isGood = async (token: string) => (await fleet.rest("GET /api/device/me", { token })).status === 200;
  const renew = async (token: string) =>
    (await fleet.rest<{ accessToken: string }>("POST /api/device/token", { token })).body.accessToken;

  const [first] = await kidsInFile();
  clock.leap(175 * dayMs);
  await fleet.restart();
  expect(await kidsInFile()).toEqual([first]);
  const { accessToken: old } = await fleet.pair("north");
  expect(decodeProtectedHeader(old).kid).toBe(first);

  clock.leap(6 * dayMs);
  await fleet.restart();
  const [second, ...others] = await kidsInFile();
  expect([second === first, others]).toEqual([false, [first]]);
  expect(await isGood(old)).toBe(true);
  const renewed = await renew(old);
  expect(decodeProtectedHeader(renewed).kid).toBe(second);
  const { auth } = await fleet.signIn("north");
  expect(decodeProtectedHeader(auth.accessToken).kid).toBe(second);

  clock.leap(85 * dayMs);
  const last = await renew(renewed);
  clock.leap(6 * dayMs);
  await fleet.restart();
  expect(await kidsInFile()).toEqual([second]);
  expect([await isGood(old), await isGood(last)]).toEqual([false, true]);
});
