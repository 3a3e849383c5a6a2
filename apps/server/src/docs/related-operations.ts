import { type Access, type Operation, operations } from "@dsp-fleet/contract";
import { type Html, html } from "./html.ts";
import { table } from "./page.ts";

const who: Record<Access, string> = {
  anyone: "anyone",
  user: "user",
  viewer: "viewer",
  dispatcher: "dispatcher",
  owner: "owner",
  device: "device JWT",
  account: "user or device JWT",
  operator: "operator",
};

/** The REST operations that belong to a life with the hubs. */
export function relatedOperations(): Html {
  const all: readonly Operation[] = Object.values(operations);
  return table(
    ["Endpoint", "Who", "What it does"],
    all
      .filter(({ tag }) => tag !== "Operations")
      .map(
        ({ method, path, access, summary }) => html`<tr>
          <th scope="row"><code>${method} ${path}</code></th>
          <td>${who[access]}</td>
          <td>${summary}</td>
        </tr>`,
      ),
  );
}
