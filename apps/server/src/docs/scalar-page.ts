import { html } from "./html.ts";

/** What Scalar shows and leaves out; nothing of it speaks to any host but this one. */
const configuration = {
  url: "/openapi/v1.json",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  defaultOpenAllTags: true,
  operationTitleSource: "summary",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  authentication: { preferredSecurityScheme: "userToken" },
} as const;

/** The API reference under a bar that leads to the hub contract. */
export const scalarPage = (): string =>
  `<!doctype html>\n${
    html`<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>DSP Fleet API</title>
    <link rel="stylesheet" href="/scalar/page.css">
  </head>
  <body>
    <header class="fleet-bar">
      <strong>DSP Fleet API</strong>
      <nav aria-label="Documents">
        <a href="/docs/signalr.html">SignalR hub contract</a>
        <a href="/docs/errors">Errors</a>
        <a href="/openapi/v1.json">OpenAPI</a>
      </nav>
    </header>
    <div id="app"></div>
    <script src="/scalar/scalar.js"></script>
    <script src="/scalar/start.js"></script>
  </body>
</html>
`.markup
  }`;

export const scalarStart = (): string =>
  `Scalar.createApiReference("#app", ${JSON.stringify(configuration, null, 2)});\n`;
