import type { Hono } from "hono";
import { openApiDocument } from "#core/openapi/document.ts";
import type { AppEnvironment } from "../environment.ts";
import { docsPage } from "./page.ts";
import { styleSheet } from "./style-sheet.ts";

/** The documentation: for programs and for people. It needs no key, and holds no data. */
export function addDocs(app: Hono<{ Bindings: AppEnvironment }>): void {
  app.get("/api/openapi.json", (context) => context.json(openApiDocument()));
  app.get("/docs", async (context) => await context.html(docsPage(new URL(context.req.url).origin, Date.now())));
  app.get("/docs/style.css", (context) => context.body(styleSheet, 200, { "content-type": "text/css; charset=utf-8" }));
}
