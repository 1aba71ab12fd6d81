import { readFileSync } from "node:fs";
import { test } from "vitest";
import { deploySteps, dryRun, resources } from "./deploy-plan.ts";

const configurations = ["wrangler.toml", "workers/ingest/wrangler.toml", "workers/app/wrangler.toml"];

test("every bucket and queue that a Worker binds is made, and no other", ({ expect }) => {
  const bound = configurations.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:bucket_name|queue|dead_letter_queue) = "(.+)"$/gm)].map(([, name = ""]) => name),
  );
  expect(resources.map(({ name }) => name).toSorted()).toEqual([...new Set(bound)].toSorted());
});

test("what belongs to eu-west is made in the EU's jurisdiction, what does not is not", ({ expect }) => {
  const inTheEu = resources.filter(({ create }) => create.command.join(" ").endsWith(" --jurisdiction eu")).map(({ name }) => name);
  expect(inTheEu).toEqual(["evalforge-eu-west", "evalforge-events-eu-west", "evalforge-dead-eu-west"]);
  expect(resources.find(({ name }) => name === "evalforge-us-west")?.create.command).toEqual([
    "wrangler",
    "r2",
    "bucket",
    "create",
    "evalforge-us-west",
    "--location",
    "wnam",
  ]);
});

test("the gateway comes first, and no Worker binds one that comes later", ({ expect }) => {
  const files = dryRun.slice(1).map(({ command }) => command[command.indexOf("--config") + 1] ?? "");
  expect(files).toEqual(configurations);
  const names = files.map((file) => /^name = "(.+)"$/m.exec(readFileSync(file, "utf8"))?.[1] ?? "");
  for (const [index, file] of files.entries()) {
    const needed = [...readFileSync(file, "utf8").matchAll(/^(?:service|script_name) = "(.+)"$/gm)].map(([, name]) => name);
    expect(needed.filter((name) => !names.slice(0, index).some((earlier) => earlier === name))).toEqual([]);
  }
});

test("one host serves the gateway and ingestion", ({ expect }) => {
  const steps = deploySteps({ gateway: "llm.example.com", app: "evalforge.example.com" });
  expect(steps.map(({ name, command }) => [name, ...command.slice(-2)])).toEqual([
    ["dashboard", "--logLevel", "warn"],
    ["deploy gateway", "--domain", "llm.example.com"],
    ["deploy ingest", "--route", "llm.example.com/api/public/otel/*"],
    ["deploy app", "--domain", "evalforge.example.com"],
  ]);
  const routes = steps.find(({ name }) => name === "deploy ingest")?.command.filter((part) => part.startsWith("llm."));
  expect(routes).toEqual(
    ["/v1/events*", "/v1/traces", "/v1/logs", "/v1/metrics", "/otel/*", "/api/public/otel/*"].map((path) => `llm.example.com${path}`),
  );
});
