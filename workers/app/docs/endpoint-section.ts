import { html } from "hono/html";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { curlOf } from "#core/openapi/curl.ts";
import { failureStatusesOf } from "#core/openapi/failures.ts";
import { fieldRows, limitsOf, typeOf, type FieldRow } from "#core/openapi/field-rows.ts";
import { toJsonSchema } from "#core/openapi/json-schema.ts";
import { parametersOf, type Parameter } from "#core/openapi/query-parameters.ts";
import { fieldTable } from "./tables.ts";
import { prose, type Html } from "./text.ts";

/** All of one endpoint: what it does, who may ask, what is sent and answered, and a line that asks it. */
export function endpointSection(name: string, endpoint: Endpoint, origin: string): Html {
  const { method, path, summary, scope, params, query, body } = endpoint;
  const parameters = [...parametersOf(params), ...parametersOf(query)].map(parameterRow);
  return html`<section class="endpoint" id="${name}">
    <h3><a href="#${name}">${summary}</a></h3>
    <p class="address">
      <span class="method ${method.toLowerCase()}">${method}</span>
      <code>${path.split("/").map((part, index) => html`${index === 0 ? "" : "/"}${part}<wbr />`)}</code>
      <span class="scope">${scope === "admin" ? "admin key" : `scope ${scope}`}</span>
    </p>
    ${headerNotes(endpoint)}
    <pre tabindex="0" aria-label="curl line of ${name}">${curlOf(endpoint, origin)}</pre>
    ${parameters.length === 0 ? "" : fieldTable("Parameters", parameters, true)}
    ${body === null ? "" : fieldTable("Body", rowsOf(toJsonSchema(body, "input")), true)}
    <details>
      <summary>Answer</summary>
      ${fieldTable("Fields of the answer", rowsOf(toJsonSchema(endpoint.output, "output")), false)}
    </details>
    <p class="statuses">
      Answers 200, or
      ${failureStatusesOf(endpoint).map((status, index) => html`${index === 0 ? "" : ", "}<a href="#errors">${status}</a>`)}.
    </p>
  </section>`;
}

function rowsOf(schema: ReturnType<typeof toJsonSchema>): FieldRow[] {
  return fieldRows(schema, schema.$defs ?? {});
}

function parameterRow({ name, isRequired, description, schema }: Parameter): FieldRow {
  const usual = schema.default === undefined ? [] : [`Where left out: \`${JSON.stringify(schema.default)}\`.`];
  return {
    name,
    isRequired,
    type: typeOf(schema, {}),
    notes: [...(description === "" ? [] : [description]), ...limitsOf(schema), ...usual],
  };
}

function headerNotes({ creates, hasVersion, method }: Endpoint): Html | "" {
  if (creates === true) return html`<p>${prose("Honours `Idempotency-Key`.")}</p>`;
  if (hasVersion !== true) return "";
  return html`<p>${prose(method === "GET" ? "Has an `ETag`, and honours `If-None-Match`." : "Honours `If-Match`.")}</p>`;
}
