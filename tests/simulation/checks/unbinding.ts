import type { Finding, History } from "./history.ts";

/** One second, and the way of the bytes that were sent before. */
const cutWithinMs = 1_500;

/** Unbinding cuts a phone off, and nothing else does. */
export function checkUnbinding(history: History): Finding[] {
  const findings: Finding[] = [];
  const unboundAt = new Map<number, number>();
  for (const { deviceId, status, at } of history.all("unbind-answered")) {
    if (status === 204 && !unboundAt.has(deviceId)) unboundAt.set(deviceId, at);
  }
  const tooLate = (deviceId: number | null, at: number) =>
    deviceId !== null && at > (unboundAt.get(deviceId) ?? Number.POSITIVE_INFINITY) + cutWithinMs;
  const find = (at: number, says: string) =>
    findings.push({ promise: "an unbound phone hears and says nothing more", at, says });

  // What was sent before may have waited for the phone's radio.
  for (const { deviceId, heardAt, who } of history.all("last-heard"))
    if (tooLate(deviceId, heardAt) && history.radioWasOn(who, (unboundAt.get(deviceId) ?? 0) - cutWithinMs, heardAt))
      find(heardAt, `${who} still heard the server as device ${deviceId}`);
  for (const { deviceId, at, who } of history.all("hub-open"))
    if (tooLate(deviceId, at)) find(at, `${who} connected as device ${deviceId}`);
  for (const { deviceId, at, who } of [...history.all("samples-answered"), ...history.all("live-answered")])
    if (tooLate(deviceId, at)) find(at, `${who} still reported as device ${deviceId}`);

  for (const { who, token, at } of history.all("refused")) {
    const deviceId = Number(/^device (\d+)$/.exec(token ?? "")?.[1]);
    if (!history.unbindAskedAt.has(deviceId))
      findings.push({ promise: "a bound phone's token is good", at, says: `${who}, device ${deviceId}, was refused` });
  }
  return findings;
}
