import { regions, regionSchema } from "#core/contracts/region.ts";
import type { Step } from "./step.ts";

/** Where the Workers are reached. */
export interface Hosts {
  /** The one address of clients: the gateway's paths and ingestion's. */
  readonly gateway: string;
  /** The dashboard and the control API. */
  readonly app: string;
}

/** A bucket or a queue: how to ask for it, and how to make it where it is missing. */
export interface Resource {
  readonly name: string;
  readonly probe: Step["command"];
  readonly create: Step;
}

/** What every region owns, in the region's jurisdiction; that cannot be changed later. */
export const resources: readonly Resource[] = regionSchema.options.flatMap((region) => {
  const { jurisdiction, locationHint } = regions[region];
  const within = jurisdiction === null ? [] : ["--jurisdiction", jurisdiction];
  // A bucket has either a jurisdiction or a hint.
  const place = jurisdiction === null ? ["--location", locationHint] : within;
  const bucket = `evalforge-${region}`;
  return [
    {
      name: bucket,
      probe: ["wrangler", "r2", "bucket", "info", bucket, ...within],
      create: { name: `bucket ${bucket}`, command: ["wrangler", "r2", "bucket", "create", bucket, ...place] },
    },
    ...["events", "dead"].map((purpose): Resource => {
      const queue = `evalforge-${purpose}-${region}`;
      return {
        name: queue,
        probe: ["wrangler", "queues", "info", queue],
        create: { name: `queue ${queue}`, command: ["wrangler", "queues", "create", queue, ...within] },
      };
    }),
  ];
});

const dashboard: Step = { name: "dashboard", command: ["vite", "build", "dashboard", "--logLevel", "warn"] };

/** What is ingestion's at the gateway's host (`workers/ingest/main.ts`). */
const ingestPaths = ["/v1/events*", "/v1/traces", "/v1/logs", "/v1/metrics", "/otel/*", "/api/public/otel/*"] as const;

/** The Workers in the order in which they need each other: the gateway owns the Durable Objects that the others bind. */
const workers = [
  { name: "gateway", config: "wrangler.toml", routes: ({ gateway }: Hosts) => ["--domain", gateway] },
  // A route goes before the domain of the same host.
  {
    name: "ingest",
    config: "workers/ingest/wrangler.toml",
    routes: ({ gateway }: Hosts) => ingestPaths.flatMap((path) => ["--route", gateway + path]),
  },
  { name: "app", config: "workers/app/wrangler.toml", routes: ({ app }: Hosts) => ["--domain", app] },
] as const;

/** Everything up to the upload, without an account. */
export const dryRun: readonly Step[] = [
  dashboard,
  ...workers.map(({ name, config }): Step => ({
    name: `deploy ${name} (dry run)`,
    command: ["wrangler", "deploy", "--dry-run", "--config", config, "--outdir", `.cache/deploy/${name}`],
  })),
];

/** The deploy itself, once the resources are there. */
export function deploySteps(hosts: Hosts): readonly Step[] {
  return [
    dashboard,
    ...workers.map(({ name, config, routes }): Step => ({
      name: `deploy ${name}`,
      command: ["wrangler", "deploy", "--config", config, ...routes(hosts)],
    })),
  ];
}
