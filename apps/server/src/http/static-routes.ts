/** Every GET route that is no operation of the contract: documents, map, and the web app. */
export const staticRoutes = [
  "/",
  "/*",
  "/docs",
  "/docs/asyncapi.json",
  "/docs/errors",
  "/docs/signalr.html",
  "/docs/style.css",
  "/map/config.json",
  "/map/tiles/:z/:x/:y",
  "/openapi/v1.json",
  "/scalar",
  "/scalar/page.css",
  "/scalar/scalar.js",
  "/scalar/start.js",
] as const;

export type StaticRoute = (typeof staticRoutes)[number];

/** First path segments that belong to the server; everything else is a page of the web app. */
export const serverSegments: ReadonlySet<string> = new Set([
  "api",
  "hubs",
  "docs",
  "map",
  "openapi",
  "scalar",
  "health",
  "metrics",
]);
