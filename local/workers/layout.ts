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

/** The gateway's code once more: who owns the objects that edges ask within a call. */
const limiterName = "evalforge-limiter";
const limiterClass = "RegionLimiter";

/** Which Workers share a process: the owner of the Durable Objects, those at the edges, and the app. */
export type Layout = Readonly<Record<"objects" | "edges" | "app", V4WorkerOptions[]>>;

/**
 * The Workers of one machine. The objects: the gateway without a socket, as their owner. At the edges: once per region the
 * gateway on a socket of its own that binds those objects, and ingestion behind it, where production has routes; and the
 * owner of the regions' limiters, which calls wait for: between two processes each of their answers would cost as much CPU
 * as the rest of a call. The app: control API, dashboard and the queues' consumers.
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
        durableObjects: boundFrom(ownerOf, gateway.durableObjects ?? {}),
        serviceBindings: { ...gateway.serviceBindings, INGEST: ingestName },
        unsafeDirectSockets: [{ host, port: sockets.edges[region] }],
      },
      { ...ingest, name: ingestName, bindings: { ...ingest.bindings, REGION: region } },
    ];
  };
  /** The gateway without a socket, as the owner of what `ownerOf` says is its own. */
  const owner = (name: string): V4WorkerOptions => {
    const gateway = worker("gateway");
    return {
      ...gateway,
      name,
      durableObjects: boundFrom((className) => (ownerOf(className) === name ? null : ownerOf(className)), gateway.durableObjects ?? {}),
    };
  };
  return {
    edges: [owner(limiterName), ...regionSchema.options.flatMap(edge)],
    objects: [owner(workerNames.gateway)],
    app: [{ ...worker("app"), unsafeDirectSockets: [{ host, port: sockets.app }] }],
  };
}

type DurableObjects = NonNullable<V4WorkerOptions["durableObjects"]>;

function ownerOf(className: string): string {
  return className === limiterClass ? limiterName : workerNames.gateway;
}

/** The same bindings to classes that live in other Workers; `null`: in the one that binds them. */
function boundFrom(scriptOf: (className: string) => string | null, objects: DurableObjects): DurableObjects {
  return Object.fromEntries(
    Object.entries(objects).map(([binding, object]) => {
      const className = typeof object === "string" ? object : object.className;
      const scriptName = scriptOf(className);
      return [binding, { className, useSQLite: true, ...(scriptName === null ? {} : { scriptName }) }];
    }),
  );
}

/** The name that a variable of a region has: `CLICKHOUSE_URL` and `us-east` make `CLICKHOUSE_URL_US_EAST`. */
export function regionalName(prefix: string, region: Region): string {
  return `${prefix}_${regions[region].suffix}`;
}
