import { type Content, type Html, html } from "./html.ts";

export type PageOptions = {
  readonly title: string;
  readonly lead: Content;
  readonly contents: readonly { readonly href: string; readonly text: string; readonly nested?: boolean }[];
  readonly main: Html;
};

/** A whole document page: a bar with the way back, contents at the side, text. No script. */
export function page({ title, lead, contents, main }: PageOptions): string {
  return `<!doctype html>\n${
    html`<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="stylesheet" href="/docs/style.css">
  </head>
  <body>
    <header class="bar"><a href="/scalar">← Back to Scalar (REST API)</a></header>
    <div class="layout">
      <nav aria-label="On this page">
        <p>On this page</p>
        <ul>
          ${contents.map(({ href, text, nested }) => html`<li${nested === true ? html` class="nested"` : ""}><a href="${href}">${text}</a></li>`)}
        </ul>
      </nav>
      <main>
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
        ${main}
      </main>
    </div>
  </body>
</html>
`.markup
  }`;
}

/** A table that scrolls by itself where the screen is narrow. */
export function table(columns: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="${columns.join(", ")}"><table>
    <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
