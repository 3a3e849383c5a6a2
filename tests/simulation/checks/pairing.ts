import type { Finding, History } from "./history.ts";

/** A code works once; whoever was bound hears of it, from the account that bound it. */
export function checkPairing(history: History): Finding[] {
  const findings: Finding[] = [];
  const accountOf = new Map(history.all("signed-in").map(({ who, accountId }) => [who, accountId]));
  const shownBy = new Map(history.all("code").map(({ code, who, by }) => [code, { who, by }]));
  const winners = new Map<string, { who: string; deviceId: number }>();
  const bound = history.all("bound");

  for (const { who, code, status, deviceId, at } of history.all("bind-answered")) {
    if (status !== 201 || deviceId === null) continue;
    const winner = winners.get(code);
    if (winner !== undefined)
      findings.push({ promise: "a code works once", at, says: `${winner.who} and ${who} both bound ${code}` });
    winners.set(code, { who, deviceId });
  }

  const holders = new Map<number, string>();
  for (const { who, deviceId, accountId, at } of bound) {
    const holder = holders.get(deviceId);
    if (holder !== undefined && holder !== who)
      findings.push({ promise: "a device is one phone", at, says: `device ${deviceId} is ${holder} and ${who}` });
    holders.set(deviceId, who);
    const winner = [...winners.values()].find((one) => one.deviceId === deviceId);
    if (winner !== undefined && accountOf.get(winner.who) !== accountId)
      findings.push({ promise: "a phone is told its own account", at, says: `${who} was told account ${accountId}` });
  }

  for (const [code, { deviceId }] of winners) {
    const phone = shownBy.get(code);
    // A phone without a GUID cannot come back for what it missed.
    if (phone?.by !== "guid" || history.unbindAskedAt.has(deviceId)) continue;
    if (!bound.some((entry) => entry.who === phone.who))
      findings.push({
        promise: "DeviceBound reaches a phone that was away",
        at: history.endAt,
        says: `${phone.who} was bound as device ${deviceId} and never heard of it`,
      });
  }
  return findings;
}
