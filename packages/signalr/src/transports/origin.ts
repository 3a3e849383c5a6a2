/** Whether a browser page of this origin may use the hubs. No Origin header: no browser, or a page of our own. */
export function isAllowedOrigin(origin: string | null, host: string, allowed: ReadonlySet<string>): boolean {
  if (origin === null) return true;
  if (allowed.has(origin.toLowerCase())) return true;
  try {
    return host !== "" && new URL(origin).host === new URL(`${new URL(origin).protocol}//${host}`).host;
  } catch {
    return false;
  }
}

/** Scheme, host and port as browsers write them. */
export function originSet(origins: readonly string[]): ReadonlySet<string> {
  return new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
}
