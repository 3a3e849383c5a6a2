import { problem } from "@dsp-fleet/contract";
import { FleetError, type FleetErrorCode } from "./fleet-error.ts";

/** An answer that is no success → a FleetError; bodies that are not of the contract (a proxy, a captive portal) are told by status. */
export async function readProblem(response: Response, nowMs: number): Promise<FleetError> {
  const text = await response.text().catch(() => "");
  const retryAfterSeconds = readRetryAfter(response.headers.get("retry-after"), nowMs);
  const parsed = problem.safeParse(parseJson(text));
  if (!parsed.success) {
    const code = codesOfProxies[response.status] ?? "unexpected";
    return new FleetError(code, {
      status: response.status,
      detail: `HTTP ${response.status} ${response.statusText}`.trimEnd(),
      retryAfterSeconds,
    });
  }
  const { code, detail, errors, traceId } = parsed.data;
  return new FleetError(code, { status: response.status, detail, errors, traceId, retryAfterSeconds });
}

/** A proxy in front of the server speaks for it; a 401 of a stranger must not sign anybody out. */
const codesOfProxies: Readonly<Record<number, FleetErrorCode>> = {
  413: "body-too-large",
  429: "rate-limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
