import { type ErrorCode, errors, type Operation, type OperationId, operations } from "@dsp-fleet/contract";
import { errorsOf } from "../http/route-schema.ts";
import { advice } from "./error-advice.ts";
import { type Html, html, prose } from "./html.ts";
import { page } from "./page.ts";

/** Every problem type with its anchor. */
export function errorsPage(): string {
  const codes = Object.keys(errors) as ErrorCode[];
  return page({
    title: "Errors — DSP Fleet",
    lead: html`Every error of the REST API is <code>application/problem+json</code>: <code>type</code>, <code>title</code>, <code>status</code>,
      <code>detail</code>, <code>code</code>, <code>traceId</code>, and for 400 <code>errors</code> by field. Programs go by <code>code</code>; people
      read <code>detail</code>.`,
    contents: codes.map((code) => ({ href: `#${code}`, text: `${errors[code].status} ${code}` })),
    main: html`${codes.map(
      (code) => html`<section id="${code}" class="problem">
        <h2><code>${code}</code> <small>${errors[code].status} · ${errors[code].title}</small></h2>
        <p>${prose(advice[code])}</p>
        ${answeredBy(code)}
      </section>`,
    )}`,
  });
}

function answeredBy(code: ErrorCode): Html {
  const all = Object.entries(operations) as [OperationId, Operation][];
  const by = all.filter(([, operation]) => errorsOf(operation).includes(code));
  if (by.length === all.length) return html`<p class="fields">Any operation can answer it.</p>`;
  if (by.length === 0) return html`<p class="fields">Answered before an operation is chosen.</p>`;
  if (by.length > 6) return html`<p class="fields">Answered by ${by.length} operations.</p>`;
  return html`<p class="fields">Answered by ${by.map(([, { method, path }], index) => html`${index === 0 ? "" : ", "}<code>${method} ${path}</code>`)}.</p>`;
}
