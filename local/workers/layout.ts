import type { V4WorkerOptions } from "miniflare";
import { regions, regionSchema, type Region } from "#core/contracts/region.ts";
import { host } from "../ports.ts";
import { mainModuleOf } from "./code.ts";
import type { WorkerConfigurations, WorkerName } from "./configurations.ts";

/** Where each region's edge and the app are served. */
export interface Sockets {
  readonly edges: Readonly<Record<Region, number>>;
  readonly app: number;
}

export type Bundles = Readonly<Record<WorkerName, string>>;
/** Variables and secrets per Worker. */
export type Variables = Readonly<Record<WorkerName, Readonly<Record<string, string>>>>;

/** Names as in the `wrangler.toml` files: other Workers' bindings use them. */
export const workerNames = { gateway: "evalforge-gateway", ingest: "evalforge-ingest", app: "evalforge-app" } as const;

/** Which Workers share a process: those at the edges, and those beside the stores. */
export type Layout = Readonly<Record<"edges" | "stores", V4WorkerOptions[]>>;

/**
 * The Workers of one machine. Beside the stores: the gateway without a socket, as the owner of every Durable Object, and
 * the app with the dashboard's files. At the edges: once per region the gateway on a socket of its own that binds those
 * objects, and ingestion behind it, where production has routes.
 */
export function layOutWorkers(configurations: WorkerConfigurations, variables: Variables, sockets: Sockets): Layout {
  const worker = (name: WorkerName): V4WorkerOptions => ({
    ...configurations[name].options,
    name: workerNames[name],
    modules: [{ type: "ESModule", path: `${name}.js`, contents: mainModuleOf(name) }],
    unsafeUseModuleFallbackService: true,
    bindings: { ...configurations[name].options.bindings, ...variables[name] },
    // Looking at this header costs a third of the throughput, and nothing sets it on one machine.
    stripCfConnectingIp: false,
  });
  const edge = (region: Region): V4WorkerOptions[] => {
    const gateway = worker("gateway");
    const ingest = worker("ingest");
    const ingestName = `${workerNames.ingest}-${region}`;
    return [
      {
        ...gateway,
        name: `edge-${region}`,
        bindings: { ...gateway.bindings, REGION: region },
        durableObjects: boundFrom(workerNames.gateway, gateway.durableObjects ?? {}),
        serviceBindings: { ...gateway.serviceBindings, INGEST: ingestName },
        unsafeDirectSockets: [{ host, port: sockets.edges[region] }],
      },
      { ...ingest, name: ingestName, bindings: { ...ingest.bindings, REGION: region } },
    ];
  };
  return {
    edges: regionSchema.options.flatMap(edge),
    stores: [worker("gateway"), { ...worker("app"), unsafeDirectSockets: [{ host, port: sockets.app }] }],
  };
}

type DurableObjects = NonNullable<V4WorkerOptions["durableObjects"]>;

/** The same bindings to classes that live in the Worker `scriptName`. */
function boundFrom(scriptName: string, objects: DurableObjects): DurableObjects {
  return Object.fromEntries(
    Object.entries(objects).map(([binding, object]) => [
      binding,
      { className: typeof object === "string" ? object : object.className, scriptName, useSQLite: true },
    ]),
  );
}

/** The name that a variable of a region has: `CLICKHOUSE_URL` and `us-east` make `CLICKHOUSE_URL_US_EAST`. */
export function regionalName(prefix: string, region: Region): string {
  return `${prefix}_${regions[region].suffix}`;
}
