/** Which hub a path means. Case and a trailing slash do not matter. */
export type HubRoute<H> = { readonly hub: H; readonly action: "connect" | "negotiate" };

const negotiateSuffix = "/negotiate";

export function normalizedPath(path: string): string {
  const lower = path.toLowerCase();
  return lower.length > 1 && lower.endsWith("/") ? lower.slice(0, -1) : lower;
}

export function findRoute<H>(hubs: ReadonlyMap<string, H>, url: string): HubRoute<H> | null {
  const question = url.indexOf("?");
  const path = normalizedPath(question === -1 ? url : url.slice(0, question));
  const hub = hubs.get(path);
  if (hub !== undefined) return { hub, action: "connect" };
  if (!path.endsWith(negotiateSuffix)) return null;
  const negotiated = hubs.get(normalizedPath(path.slice(0, -negotiateSuffix.length + 1)));
  return negotiated === undefined ? null : { hub: negotiated, action: "negotiate" };
}
