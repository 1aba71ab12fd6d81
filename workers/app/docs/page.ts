import { html, raw } from "hono/html";
import { endpointGroups, type Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints } from "#core/contracts/api/endpoints.ts";
import { chapters } from "./chapters.ts";
import { endpointSection } from "./endpoint-section.ts";
import type { Html } from "./text.ts";

const groups = Object.entries(endpointGroups).map(([group, text]) => ({
  group,
  text,
  rows: Object.entries<Endpoint>(endpoints).filter(([, endpoint]) => endpoint.group === group),
}));

/** The documentation as one page, from the same tables as the server. `origin` is where it is served. */
export function docsPage(origin: string, nowMs: number): Html {
  return html`${raw("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>EvalForge API</title>
        <link rel="stylesheet" href="/docs/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/docs">EvalForge <span>API</span></a>
          <nav aria-label="Elsewhere"><a href="/api/openapi.json">OpenAPI</a> <a href="/">Dashboard</a></nav>
        </header>
        <div class="columns">
          ${sidebar()}
          <main>
            ${chapters.map(
              ({ id, title, body }) =>
                html`<section id="${id}">
                  <h2>${title}</h2>
                  ${body(origin, nowMs)}
                </section>`,
            )}
            ${groups.map(
              ({ group, text, rows }) =>
                html`<section id="group-${group}">
                  <h2>${titled(group)}</h2>
                  <p>${text}</p>
                  ${rows.map(([name, endpoint]) => endpointSection(name, endpoint, origin))}
                </section>`,
            )}
          </main>
        </div>
      </body>
    </html>`;
}

function sidebar(): Html {
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      ${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
    ${groups.map(
      ({ group, rows }) =>
        html`<details>
          <summary>${titled(group)}</summary>
          <ul>
            ${rows.map(
              ([name, { method }]) =>
                html`<li>
                  <a href="#${name}"><span class="method ${method.toLowerCase()}">${method}</span> ${name}</a>
                </li>`,
            )}
          </ul>
        </details>`,
    )}
  </nav>`;
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
