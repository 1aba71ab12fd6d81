import { html } from "hono/html";
import { fields, traceFields } from "#core/analytics/fields.ts";
import { operatorsOf } from "#core/analytics/filter.ts";
import { metrics } from "#core/analytics/metrics.ts";
import { curlLine } from "#core/openapi/curl.ts";
import { failuresByStatus } from "#core/openapi/failures.ts";
import { edgeEndpoints } from "./edge-endpoints.ts";
import { wordTable } from "./tables.ts";
import { prose, type Html } from "./text.ts";

/** What stands beside the endpoints, in its order: a heading's id and words, and what is under it. */
export const chapters = [
  { id: "start", title: "Start here", body: start },
  { id: "calls", title: "Calling models, sending events", body: calls },
  { id: "conventions", title: "What holds for every request", body: conventions },
  { id: "filters", title: "Filters", body: filters },
  { id: "metrics", title: "Metrics", body: metricTable },
  { id: "errors", title: "Errors", body: errorTable },
] as const satisfies readonly { readonly id: string; readonly title: string; readonly body: (origin: string, nowMs: number) => Html }[];

function start(origin: string): Html {
  return html`<p>
      ${prose("Set these once in your shell; every line of this page then works when it is pasted. `npm start` writes them to `.evalforge/local.json`. Other words in capitals, such as `$KEY_ID`, are ids that earlier answers gave.")}
    </p>
    <pre tabindex="0" aria-label="variables">
export EVALFORGE_ADMIN_KEY=ef_admin_…          # this API
export EVALFORGE_PROJECT_ID=…
export EVALFORGE_URL=http://127.0.0.1:8787     # the gateway
export EVALFORGE_API_KEY=ef_…                  # a virtual key, for calls and events
export EVALFORGE_ORGANIZATION_ID=$(curl -s "${origin}/api/projects/$EVALFORGE_PROJECT_ID" \\
  -H "Authorization: Bearer $EVALFORGE_ADMIN_KEY" | sed 's/.*"organizationId":"\\([^"]*\\)".*/\\1/')</pre>
    <p>${prose("Programs read the same from ")}<a href="/api/openapi.json">/api/openapi.json</a>${prose(" (OpenAPI 3.1).")}</p>`;
}

function calls(_origin: string, nowMs: number): Html {
  return html`<p>
      ${prose("At the gateway's address, with a virtual key in `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `api-key`, so that every SDK works as it is. What is said of a call beside its body goes in `x-evalforge-*` headers: `-trace-id`, `-session-id`, `-user-id`, `-environment`, `-release`, `-name`, `-tags`, `-metadata`, `-route` (models that are tried in this order), `-retries`.")}
    </p>
    ${edgeEndpoints.map(
      ({ method, path, summary, link, body }) =>
        html`<section class="endpoint">
          <p class="address"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
          <p>${prose(summary)} <a href="${link.href}" rel="noreferrer">${link.text}</a></p>
          <pre tabindex="0" aria-label="curl line of ${path}">
${curlLine({ method, url: `$EVALFORGE_URL${path}`, keyVariable: "EVALFORGE_API_KEY", body: body(nowMs) })}</pre>
        </section>`,
    )}`;
}

const rules = [
  "**Keys.** The admin key may do all. An API key (`ef_api_…`) belongs to one project: it may ask endpoints whose scope it has, at addresses with its project's id. `read` and `write` do not hold each other.",
  "**Fields.** Bodies are JSON. An unknown field, a wrong value or a parameter given twice is refused with a 400 that names it.",
  "**Units.** Times are epoch milliseconds (`…AtMs`). Money is whole nano-dollars ($0.000 000 001); sums of it are decimal text, as they may pass what a JSON number holds.",
  "**Lists** come in pages: `nextCursor` of one is the `cursor` of the next, and `null` on the last.",
  "**Sent again.** Creations honour `Idempotency-Key`, any text of yours: within a day the same request under it makes nothing anew and is answered the same, with `idempotency-replayed: true`. Another request under it is a 409.",
  "**Changed meanwhile.** What has a version is answered with an `ETag`. Sent as `If-Match` with a change, it is a 412 where something else was written meanwhile. Sent as `If-None-Match`, it spares reading again: 304.",
  "**At once.** A key's or a policy's change holds in every region within five seconds; a 503 says that some region could not be told, and the same request tells it again.",
] as const;

function conventions(): Html {
  return html`<ul class="rules">
    ${rules.map((rule) => {
      const [, title = "", text = ""] = /^\*\*(.+?)\*\*(.*)$/.exec(rule) ?? [];
      return html`<li><strong>${title}</strong>${prose(text)}</li>`;
    })}
  </ul>`;
}

function filters(): Html {
  const rows = Object.entries(fields).map(([name, field]) => {
    const values = field.values === null ? "" : `: ${field.values.map((value) => `\`${value}\``).join(", ")}`;
    return [
      name,
      `${field.type}${values}. ${operatorsOf[field.type].join(", ")}${field.isGroupable ? ". May be grouped by" : ""}.`,
    ] as const;
  });
  const traceRows = Object.keys(traceFields).map(
    (name) => [name, `number, of the whole trace; in lists of traces only. ${operatorsOf.number.join(", ")}.`] as const,
  );
  return html`<p>
      ${prose('`filter` is a JSON list of conditions, all of which hold, written into the query: `[{"field":"status","operator":"eq","value":"error"},{"field":"metadata.plan","operator":"in","value":["pro","team"]}]`. `in` and `notIn` take a list, `exists` takes `true` or `false`.')}
    </p>
    <details>
      <summary>Fields and their operators</summary>
      ${wordTable("Fields", [...rows, ["metadata.<key>", `what the caller sent under a key. ${operatorsOf.metadata.join(", ")}. May be grouped by.`], ...traceRows])}
    </details>`;
}

function metricTable(): Html {
  return html`<p>
      ${prose("What ")}<a href="#getMetrics">getMetrics</a
      >${prose(" computes. What is not known is left out of a figure, and never counted as 0.")}
    </p>
    <details>
      <summary>All metrics</summary>
      ${wordTable(
        "Metrics",
        Object.entries(metrics).map(([name, { unit, summary }]) => [name, `${summary} (${unit})`] as const),
      )}
    </details>`;
}

function errorTable(): Html {
  const rows = Array.from(failuresByStatus(), ([status, codes]) =>
    codes.map(({ code, publicText }) => [`${status} ${code}`, publicText] as const),
  );
  return html`<p>
      ${prose('Every refusal is `{"error": {"message", "type", "param", "code"}}`: `param` names the field, header or parameter at fault. 409 under way and 503 carry `retry-after`.')}
    </p>
    ${wordTable("Codes", rows.flat())}`;
}
