import { test } from "vitest";
import { mainModuleOf } from "./code.ts";
import { layOutWorkers, regionalName } from "./layout.ts";

const configurations = {
  gateway: {
    main: "gateway.ts",
    options: {
      compatibilityDate: "2026-11-01",
      bindings: { FROM_FILE: "1" },
      durableObjects: {
        EVENT_BUFFER: { className: "EventBuffer", useSQLite: true },
        REGION_LIMITER: { className: "RegionLimiter", useSQLite: true },
      },
    },
  },
  ingest: {
    main: "ingest.ts",
    options: { durableObjects: { EVENT_BUFFER: { className: "EventBuffer", scriptName: "evalforge-gateway" } } },
  },
  app: { main: "app.ts", options: {} },
};
const layout = layOutWorkers(
  configurations,
  { gateway: { DATABASE_URL: "db" }, ingest: {}, app: { ADMIN_KEY: "key" } },
  { edges: { "us-east": 1, "us-west": 2, "eu-west": 3 }, app: 4 },
);
const named = new Map(
  Object.values(layout)
    .flat()
    .map((worker) => [worker.name, worker]),
);
const portsOf = (workers: typeof layout.edges) =>
  workers.map(({ name, unsafeDirectSockets }) => [name, unsafeDirectSockets?.map(({ port }) => port)]);

test("the edges and the app have a socket each, and the edges, the objects and the app a process each", ({ expect }) => {
  expect(portsOf(layout.objects)).toEqual([["evalforge-gateway", undefined]]);
  expect(portsOf(layout.app)).toEqual([["evalforge-app", [4]]]);
  expect(portsOf(layout.edges)).toEqual([
    ["evalforge-limiter", undefined],
    ["edge-us-east", [1]],
    ["evalforge-ingest-us-east", undefined],
    ["edge-us-west", [2]],
    ["evalforge-ingest-us-west", undefined],
    ["edge-eu-west", [3]],
    ["evalforge-ingest-eu-west", undefined],
  ]);
});

test("every edge is the gateway with a region, with ingestion of that region behind it", ({ expect }) => {
  const { durableObjects: _, ...edge } = named.get("edge-eu-west") ?? { name: "" };
  expect(edge).toEqual({
    compatibilityDate: "2026-11-01",
    name: "edge-eu-west",
    modules: [{ type: "ESModule", path: "gateway.js", contents: mainModuleOf("gateway") }],
    unsafeUseModuleFallbackService: true,
    bindings: { FROM_FILE: "1", DATABASE_URL: "db", REGION: "eu-west" },
    serviceBindings: { INGEST: "evalforge-ingest-eu-west" },
    stripCfConnectingIp: false,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 3 }],
  });
});

test("each class of Durable Objects has one owner, and what calls wait for lives in the process of the edges", ({ expect }) => {
  const buffer = { className: "EventBuffer", useSQLite: true };
  const limiter = { className: "RegionLimiter", useSQLite: true };
  const [ofObjects, ofEdges] = [{ scriptName: "evalforge-gateway" }, { scriptName: "evalforge-limiter" }];
  expect(["evalforge-gateway", "evalforge-limiter", "edge-us-east"].map((name) => named.get(name)?.durableObjects)).toEqual([
    { EVENT_BUFFER: buffer, REGION_LIMITER: { ...limiter, ...ofEdges } },
    { EVENT_BUFFER: { ...buffer, ...ofObjects }, REGION_LIMITER: limiter },
    { EVENT_BUFFER: { ...buffer, ...ofObjects }, REGION_LIMITER: { ...limiter, ...ofEdges } },
  ]);
});

test("a Worker gets its own variables only", ({ expect }) => {
  expect([named.get("evalforge-ingest-us-west")?.bindings, named.get("evalforge-app")?.bindings]).toEqual([
    { REGION: "us-west" },
    { ADMIN_KEY: "key" },
  ]);
});

test("a region's variables end in its suffix", ({ expect }) => {
  expect(regionalName("CLICKHOUSE_URL", "eu-west")).toBe("CLICKHOUSE_URL_EU_WEST");
});
