import {
  fleetHub,
  type Hub,
  hubErrors,
  hubLimits,
  pairingCodeAlphabet,
  pairingCodeLength,
  pairingCodeLifeMs,
  pairingHub,
} from "@dsp-fleet/contract";
import { type Html, html, prose } from "./html.ts";
import { argumentList, eventRows, methodRows } from "./hub-tables.ts";
import { page, table } from "./page.ts";
import { relatedOperations } from "./related-operations.ts";
import { connectSample, pairSample, phoneSamples } from "./samples.ts";
import { shapeSections, shapesOf } from "./shape-sections.ts";

/** The hub contract as a page: every method and event in the order of the contract. */
export function hubPage(): string {
  const shapes = shapesOf([fleetHub, pairingHub]);
  return page({
    title: "SignalR hub contract — DSP Fleet",
    lead: html`What phones and dashboards say to the server and hear from it while they are connected. Any official SignalR client connects unchanged. The REST side is in the
      <a href="/scalar">API reference</a>; for tools, the hubs are also an <a href="/docs/asyncapi.json">AsyncAPI document</a>.`,
    contents: [
      { href: "#connecting", text: "Connecting & authentication" },
      { href: "#groups", text: "Groups" },
      { href: "#fleethub", text: "FleetHub" },
      { href: "#fleethub-methods", text: "Client → server", nested: true },
      { href: "#fleethub-events", text: "Server → client", nested: true },
      { href: "#pairinghub", text: "PairingHub" },
      { href: "#pairinghub-methods", text: "Client → server", nested: true },
      { href: "#pairinghub-events", text: "Server → client", nested: true },
      { href: "#shapes", text: "Shapes" },
      { href: "#errors", text: "Errors" },
      { href: "#limits", text: "Limits" },
      { href: "#rest", text: "Related REST endpoints" },
    ],
    main: html`${connecting()} ${groups(fleetHub)} ${fleet()} ${pairing()} ${shapeSections(shapes)} ${errorWords()} ${limits()}
      <section id="rest"><h2>Related REST endpoints</h2>${relatedOperations()}</section>`,
  });
}

const connecting = (): Html => html`<section id="connecting">
  <h2>Connecting &amp; authentication</h2>
  <p>
    Build the hub URL with the same host you use for HTTPS (or HTTP in development). The JWT access token, of a user or a device, goes as
    <code>access_token</code> in the query, where a WebSocket handshake and an event stream can carry it; stock clients put it there by themselves.
  </p>
  <pre><code>wss://YOUR_HOST${fleetHub.path}?access_token=YOUR_JWT
wss://YOUR_HOST${pairingHub.path}?access_token=OPTIONAL</code></pre>
  <p>
    WebSockets, Server-Sent Events and Long Polling are offered; stock clients take the first that gets through.
    ${fleetHub.name} answers 401 to negotiate and connect without a valid token. ${pairingHub.name} is anonymous; a token is optional there.
  </p>
  <p>
    Both hub protocols are spoken, JSON and MessagePack (<code>withHubProtocol(new MessagePackHubProtocol())</code>, <code>AddMessagePackProtocol()</code>);
    members are named as on this page in either. Times are UTC, as ISO-8601 text with <code>Z</code> in JSON and as the timestamp extension in MessagePack,
    a <code>Date</code> in JavaScript.
  </p>
  <p>A dashboard in JavaScript, with the stock client (<code>npm install @microsoft/signalr</code>):</p>
  <pre class="copy"><code>${connectSample}</code></pre>
  <p>A bound phone, in the languages that have a client:</p>
  ${phoneSamples.map(
    ({ language, install, code }, index) => html`<details ${index === 0 ? "open" : ""}>
      <summary>${language} <code>${install}</code></summary>
      <pre class="copy"><code>${code}</code></pre>
    </details>`,
  )}
  <p>A token lives for minutes. Fetch a fresh one in <code>accessTokenFactory</code>, or call <code>RequestTokenRefresh</code> on the open connection.
    After its token's end a connection may call that alone; 60 s later it is closed, and may reconnect.</p>
</section>`;

const groups = (hub: Hub): Html => html`<section id="groups">
  <h2>Groups</h2>
  <p>After connect, the server adds connections to groups by itself; a client cannot join one. A connection receives any one event once at most.</p>
  ${table(
    ["Group", "Members"],
    Object.entries(hub.groups).map(
      ([group, members]) => html`<tr><th scope="row"><code>${group}</code></th><td>${members}</td></tr>`,
    ),
  )}
</section>`;

const fleet = (): Html => html`<section id="fleethub">
  <h2>FleetHub — <code>${fleetHub.path}</code></h2>
  <p>${fleetHub.summary} Method names match without regard to case (<code>reportLocation</code> is <code>ReportLocation</code>); event names are sent
    exactly as written. Trailing arguments that may be <code>null</code> may be left out; <code>null</code> means <em>unchanged</em> in a report and
    <em>not known</em> in an event.</p>
  <h3 id="fleethub-methods">Client → server (invoke)</h3>
  ${table(["Method", "Auth", "Parameters", "Returns / behavior"], methodRows(fleetHub))}
  <h3 id="fleethub-events">Server → client (callbacks on your connection)</h3>
  <p>Subscribe with your client’s <code>on</code> handler using these exact event names. Arguments come one by one, in this order.</p>
  ${table(["Event", "Typical target", "Arguments (order)"], eventRows(fleetHub))}
</section>`;

const pairing = (): Html => html`<section id="pairinghub">
  <h2>PairingHub — <code>${pairingHub.path}</code></h2>
  <p>${pairingHub.summary}</p>
  <h3 id="pairinghub-methods">Client → server</h3>
  ${table(
    ["Method", "Parameters", "Returns"],
    Object.entries(pairingHub.methods).map(
      ([name, method]) => html`<tr>
        <th scope="row" id="${pairingHub.name}-${name}"><code>${name}</code></th>
        <td>${argumentList(method.params)}</td>
        <td>${argumentList({ returns: method.returns })}<p>${prose(method.summary)}</p></td>
      </tr>`,
    ),
  )}
  <h3 id="pairinghub-events">Server → client</h3>
  ${table(
    ["Event", "When", "Payload"],
    Object.entries(pairingHub.events).map(
      ([name, event]) => html`<tr>
        <th scope="row" id="${pairingHub.name}-${name}"><code>${name}</code></th>
        <td>${prose(event.summary)}</td>
        <td>${argumentList(event.args)}</td>
      </tr>`,
    ),
  )}
  <p>A phone from first start to live positions:</p>
  <pre class="copy"><code>${pairSample}</code></pre>
</section>`;

const errorWords = (): Html => html`<section id="errors">
  <h2>Errors</h2>
  <p>An invocation that fails rejects with a HubException whose message starts with a stable code and a colon; the connection stays open.</p>
  ${table(
    ["Code", "Meaning"],
    Object.entries(hubErrors).map(
      ([code, meaning]) => html`<tr><th scope="row"><code>${code}:</code></th><td>${meaning}</td></tr>`,
    ),
  )}
  <p>A caller of the wrong kind, a dashboard that reports a location for example, hears the stock text
    <code>Failed to invoke 'ReportLocation' because user is unauthorized</code>. An id of another account is answered exactly as one that does not
    exist. REST errors have <a href="/docs/errors">their own page</a>.</p>
</section>`;

const kibibytes = (bytes: number): string => `${bytes / 1024} KiB`;
const seconds = (ms: number): string => `${ms / 1000} s`;

const limits = (): Html => html`<section id="limits">
  <h2>Limits</h2>
  ${table(
    ["What", "How much"],
    [
      ["One message to FleetHub", kibibytes(hubLimits.fleetMessageBytes)],
      ["One message to PairingHub", kibibytes(hubLimits.pairingMessageBytes)],
      ["Handshake", `within ${seconds(hubLimits.handshakeMs)} of connecting`],
      [
        "Silence",
        `pings every ${seconds(hubLimits.keepAliveMs)}; a side that is silent for ${seconds(hubLimits.clientTimeoutMs)} counts as gone`,
      ],
      [
        "Presence",
        `a device shows as gone ${seconds(hubLimits.returnGraceMs)} after its connection was lost without a return`,
      ],
      ["After a token's end", `${seconds(hubLimits.tokenGraceMs)} to call RequestTokenRefresh`],
      [
        "Pairing code",
        `${pairingCodeLength} characters of ${pairingCodeAlphabet}, good once, for ${pairingCodeLifeMs / 60_000} minutes`,
      ],
      ["Calls", "counted by method and connection; beyond the budget: rate-limited"],
    ].map(([what = "", value = ""]) => html`<tr><th scope="row">${what}</th><td>${value}</td></tr>`),
  )}
</section>`;
