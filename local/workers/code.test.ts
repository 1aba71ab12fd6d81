import { Request } from "miniflare";
import { test } from "vitest";
import { codeServiceOf, mainModuleOf } from "./code.ts";

const ask = async (specifier: string) => {
  const answer = codeServiceOf({ gateway: "g", ingest: "i", app: "a" });
  const url = `http://runtime/?specifier=${encodeURIComponent(specifier)}&referrer=/app.js&rawSpecifier=x`;
  const response = await answer(new Request(url, { headers: { "X-Resolve-Method": "import" } }));
  return [response.status, await response.text()];
};

test("each Worker's main module leads to its own code", async ({ expect }) => {
  const [, specifier = ""] = /from "\.(.*?)"/.exec(mainModuleOf("app")) ?? [];
  expect(await ask(specifier)).toEqual([200, '{"name":"app-code.js","esModule":"a"}']);
});

test("no other module is given to a Worker", async ({ expect }) => {
  expect(await ask("/package.json")).toEqual([404, "no such module"]);
});
