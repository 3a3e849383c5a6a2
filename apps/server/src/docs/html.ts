/** Text that is HTML already; everything else that enters a page is escaped. */
export type Html = { readonly markup: string };

export type Content = Html | string | number | readonly Content[];

/** A template whose values are text: `html\`<p>${anything}</p>\`` is safe whatever `anything` says. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return {
    markup: strings.map((text, index) => text + (index < values.length ? render(values[index] ?? "") : "")).join(""),
  };
}

function render(content: Content): string {
  if (typeof content === "string" || typeof content === "number") return escape(String(content));
  return "markup" in content ? content.markup : content.map(render).join("");
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Words with `code` between backticks. */
export function prose(text: string): Content {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
