import type { Hub, MethodAccess } from "@dsp-fleet/contract";
import type { z } from "zod";
import { type Content, type Html, html, prose } from "./html.ts";
import { nameOf, shapeFields, typeParts } from "./type-words.ts";

const accessWords: Record<MethodAccess, string> = {
  device: "Device JWT",
  connection: "Any connection",
  expired: "Any connection, also one whose token has run out",
};

export const methodRows = (hub: Hub): readonly Html[] =>
  Object.entries(hub.methods).map(
    ([name, method]) => html`<tr>
      <th scope="row" id="${hub.name}-${name}"><code>${name}</code></th>
      <td>${accessWords[method.access]}</td>
      <td>${argumentList(method.params)}</td>
      <td>${method.returns === null ? "" : argumentList({ returns: method.returns })}<p>${prose(method.summary)}</p></td>
    </tr>`,
  );

export const eventRows = (hub: Hub): readonly Html[] =>
  Object.entries(hub.events).map(
    ([name, event]) => html`<tr>
      <th scope="row" id="${hub.name}-${name}"><code>${name}</code></th>
      <td><code>${event.to === "account" || event.to === "device" ? `${event.to}:{${event.to}Id}` : event.to}</code></td>
      <td>${argumentList(event.args)}<p>${prose(event.summary)}</p></td>
    </tr>`,
  );

/** Names and types, one a line, in the order of the wire. */
export function argumentList(shape: Readonly<Record<string, z.ZodType>>): Content {
  const entries = Object.entries(shape);
  if (entries.length === 0) return html`<p class="none">none</p>`;
  return html`<ol class="arguments">${entries.map(
    ([name, schema]) =>
      html`<li><code class="name">${name}</code> <span class="type">${linkedType(schema)}</span>${fieldNames(schema)}</li>`,
  )}</ol>`;
}

/** Type words in which the names of shapes lead to their sections. */
export const linkedType = (schema: z.ZodType): Content =>
  typeParts(schema).map(({ text, isShape }) => (isShape ? html`<a href="#shape-${text}">${text}</a>` : text));

function fieldNames(schema: z.ZodType): Content {
  if (nameOf(schema) === null) return "";
  return html`<p class="fields">Object: ${shapeFields(schema)
    .map(({ name }) => name)
    .join(", ")}</p>`;
}
