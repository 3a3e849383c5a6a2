import type { BrowserContext, Page } from "playwright-core";

/** What a page must never do: say an error, run into its own policy, or ask anybody but the server. */
export type Watch = {
  /** From here on this is no surprise. */
  expect(text: RegExp): void;
  /** All that was a surprise. */
  readonly found: readonly string[];
};

/** Watches every page of the context from its first request on. */
export async function watchPages(context: BrowserContext, address: string): Promise<Watch> {
  const found: string[] = [];
  const expected: RegExp[] = [];
  const note = (what: string) => {
    if (!expected.some((text) => text.test(what))) found.push(what);
  };
  const { host } = new URL(address);
  const isOwn = (url: string) => /^(?:data|blob):/.test(url) || new URL(url).host === host;
  const noteForeign = (url: string) => {
    if (!isOwn(url)) note(`asked ${url}`);
  };

  // Policies that only report, and those of workers, never reach the console.
  await context.addInitScript(`document.addEventListener("securitypolicyviolation", (event) =>
    console.error("policy: " + event.violatedDirective + " forbids " + event.blockedURI + " at " + event.sourceFile + ":" + event.lineNumber + ":" + event.columnNumber));`);
  context.on("page", (page: Page) => {
    page.on("request", (request) => noteForeign(request.url()));
    page.on("websocket", (socket) => noteForeign(socket.url()));
    page.on("pageerror", (error) => note(`threw ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") note(`console: ${message.text()} (${message.location().url})`);
    });
  });
  return {
    expect: (text) => void expected.push(text),
    found,
  };
}
