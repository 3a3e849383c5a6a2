import type { Finding, History } from "./history.ts";

/** Clocks that are off by less cannot make the server refuse a fix. */
const harmlessMs = 60_000;

/** G1–G3: what was acknowledged is kept, once; a bad sample spoils no other. */
export function checkSamples(history: History): Finding[] {
  const findings: Finding[] = [];
  const clocks = new Map(history.all("phone-started").map(({ who, clockAheadMs }) => [who, clockAheadMs]));
  const sent = new Map(history.all("samples-sent").map((entry) => [`${entry.who} ${entry.call}`, entry]));
  const answered = new Set<string>();
  const acknowledged = new Map<number, Map<number, number>>();

  for (const { who, call, deviceId, receipt, at } of history.all("samples-answered")) {
    const batch = sent.get(`${who} ${call}`);
    if (batch === undefined) continue;
    answered.add(`${who} ${call}`);
    const find = (promise: string, says: string) =>
      findings.push({ promise, at, says: `${who}, call ${call}: ${says}` });
    const { accepted, duplicates, rejected } = receipt;
    const total = batch.keys.length + batch.bad.length;
    if (accepted + duplicates + rejected.length !== total)
      find("every sample is answered for", `${JSON.stringify(receipt)} for ${total} samples`);

    for (const { index, why } of batch.bad) {
      const verdict = rejected.find((one) => one.index === index);
      if (verdict === undefined) find("G2 a bad sample is refused", `sample ${index} (${why}) was taken`);
    }
    const refused = rejected.filter(({ index }) => !batch.bad.some((bad) => bad.index === index));
    const trusted = Math.abs(clocks.get(who) ?? 0) < harmlessMs;
    if (refused.length > 0 && trusted) find("G2 a bad sample spoils no other", JSON.stringify(refused));

    const known = acknowledged.get(deviceId) ?? new Map<number, number>();
    acknowledged.set(deviceId, known);
    const fresh = batch.keys.filter((key) => (known.get(key) ?? Number.POSITIVE_INFINITY) > batch.at);
    if (accepted > fresh.length) {
      const promise = batch.audit ? "G3 what was acknowledged is kept" : "G1 the same again is a duplicate";
      find(
        promise,
        `${accepted} accepted, though ${batch.keys.length - fresh.length} of ${batch.keys.length} were known`,
      );
    }
    if (refused.length > 0) continue;
    for (const key of batch.keys) if (!known.has(key)) known.set(key, at);
  }

  for (const [key, { audit, at, deviceId }] of sent) {
    if (audit && !answered.has(key) && !history.unbindAskedAt.has(deviceId))
      findings.push({ promise: "in calm weather a call is answered", at, says: `${key} was not` });
  }
  return findings;
}
