import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { test } from "vitest";
import gateway from "./main.ts";

test("an address that is not the gateway's is answered by ingestion where it stands behind, else there is nothing", async ({ expect }) => {
  const ask = async (bindings: object) => {
    const response = await gateway.fetch(
      new Request("http://edge/v1/events"),
      { ...env, DATABASE_URL: "", CREDENTIALS_KEY: "", ...bindings },
      createExecutionContext(),
    );
    return [response.status, await response.json()];
  };
  const INGEST = {
    fetch: () => Promise.resolve(Response.json("taken", { status: 202 })),
    connect: () => {
      throw new Error("unused");
    },
  };
  expect(await ask({ INGEST })).toEqual([202, "taken"]);
  expect(await ask({})).toMatchObject([404, { error: { code: "not_found" } }]);
});
