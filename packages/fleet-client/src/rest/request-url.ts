/** Path template and query → address. Values left out or null are not sent. A path in baseUrl stays. */
export function requestUrl(
  baseUrl: string,
  template: string,
  params: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, unknown>>,
): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(text(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.append(name, text(value));
  }
  const suffix = search.size === 0 ? "" : `?${search.toString()}`;
  return `${baseUrl.replace(/\/+$/, "")}${path}${suffix}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
