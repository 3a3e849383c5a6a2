import type { Hub } from "@dsp-fleet/contract";
import { type Html, html } from "./html.ts";
import { linkedType } from "./hub-tables.ts";
import { table } from "./page.ts";
import { type NamedShape, namedShapes, shapeFields } from "./type-words.ts";

/** Every named shape that the hubs' methods and events carry. */
export function shapesOf(hubs: readonly Hub[]): readonly NamedShape[] {
  return namedShapes(
    hubs.flatMap((hub) => [
      ...Object.values(hub.methods).flatMap(({ params, returns }) => [
        ...Object.values(params),
        ...(returns === null ? [] : [returns]),
      ]),
      ...Object.values(hub.events).flatMap(({ args }) => Object.values(args)),
    ]),
  );
}

export const shapeSections = (shapes: readonly NamedShape[]): Html => html`<section id="shapes">
  <h2>Shapes</h2>
  <p>Objects that methods and events carry. Names are camelCase; a client must not refuse a field that it does not know.</p>
  ${shapes.map(
    ({ name, schema }) => html`<h3 id="shape-${name}">${name}</h3>
      ${table(
        ["Field", "Type"],
        shapeFields(schema).map(
          (field) =>
            html`<tr><th scope="row"><code>${field.name}</code>${field.optional ? " (optional)" : ""}</th><td>${linkedType(field.schema)}</td></tr>`,
        ),
      )}`,
  )}
</section>`;
