import { describe, test } from "vitest";
import type { Endpoint } from "#core/contracts/api/endpoint.ts";
import { endpoints } from "#core/contracts/api/endpoints.ts";
import { openApiDocument } from "#core/openapi/document.ts";
import { app } from "../http.ts";

const env = { ADMIN_KEY: "ef_admin_0123456789abcdef" };
const read = async (path: string) => {
  const response = await app.request(`https://evalforge.example${path}`, {}, env);
  return { response, text: await response.text() };
};
/** As a reader sees it, without the marks. */
const seen = (text: string) =>
  text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("/docs", () => {
  test("tells of every endpoint: what it does, its address, who may ask, and a line that asks it where it is served", async ({
    expect,
  }) => {
    const { response, text } = await read("/docs");
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    for (const [name, { method, path, summary, scope }] of Object.entries<Endpoint>(endpoints)) {
      const from = text.indexOf(`<section class="endpoint" id="${name}">`);
      const section = seen(text.slice(from, text.indexOf("</section>", from)));
      expect([name, from > 0, section.includes(summary), section.includes(path), section.includes(method)]).toEqual([
        name,
        true,
        true,
        true,
        true,
      ]);
      expect(section).toContain(scope === "admin" ? "admin key" : `scope ${scope}`);
      expect(section).toContain("curl");
      expect(section).toContain("https://evalforge.example/api/");
      expect(section).toContain("Bearer $EVALFORGE_ADMIN_KEY");
    }
  });

  test("tells of every field that is sent, and whether it must be", async ({ expect }) => {
    const { text } = await read("/docs");
    const sectionOf = (name: string) => {
      const from = text.indexOf(`id="${name}"`);
      return seen(text.slice(from, text.indexOf("</section>", from))).replaceAll(/\s+/g, " ");
    };
    expect(sectionOf("createProject")).toContain(
      'homeRegion required "us-east" or "us-west" or "eu-west" · Where everything that the project stores will lie, for good.',
    );
    expect(sectionOf("putPolicy")).toContain('masking[].field string · With `kind` "field".'.replaceAll("`", ""));
    expect(sectionOf("listKeys")).toContain("limit integer · How many rows. 1 to 200. Where left out: 50.");
  });

  test("needs no key, runs nothing, and loads nothing from elsewhere", async ({ expect }) => {
    const { response, text } = await read("/docs");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
    const loaded = [...text.matchAll(/<(?:link|img|iframe|source)\b[^>]*?(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(loaded).toEqual(["/docs/style.css", "data:,"]);
    const style = await read("/docs/style.css");
    expect([style.response.status, style.response.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(style.text).not.toMatch(/url\(|@import/);
  });

  test("leads with every link into itself to something that is there", async ({ expect }) => {
    const { text } = await read("/docs");
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    expect([...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !ids.has(id))).toEqual([]);
  });
});

test("/api/openapi.json is the document of the table, without a key", async ({ expect }) => {
  const { response, text } = await read("/api/openapi.json");
  expect([response.status, JSON.parse(text)]).toEqual([200, JSON.parse(JSON.stringify(openApiDocument()))]);
});
