import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import * as z from "zod";

const countsSchema = z.strictObject({
  consumerRequests: z.number(),
  objectRequests: z.number(),
  objectActiveMs: z.number(),
  rowsWritten: z.number(),
  rowsRead: z.number(),
  bucketWrites: z.number(),
  bucketReads: z.number(),
  messages: z.number(),
});
export type RawCounts = z.infer<typeof countsSchema>;

const regions = ["us-east", "us-west", "eu-west"];
const suffixOf = (region: string): string => region.toUpperCase().replaceAll("-", "_");

/** The recorder, the buffer and the consumer in one Worker that counts, before a ClickHouse that only says yes. */
export class CountingSystem {
  readonly #miniflare: Miniflare;
  readonly #url: string;
  readonly #end: () => void;

  static async start(): Promise<CountingSystem> {
    const clickhouse = createServer((request, response) => {
      request.resume().on("end", () => response.end());
    }).listen(0, "127.0.0.1");
    await once(clickhouse, "listening");
    const address = clickhouse.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const bundle = await build({
      entryPoints: [fileURLToPath(new URL("worker/counting-worker.ts", import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      target: "es2024",
      platform: "neutral",
      mainFields: ["browser", "module", "main"],
      conditions: ["workerd", "worker", "browser"],
      external: ["node:*", "cloudflare:*"],
    });
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        workers: [
          {
            name: "counting",
            modules: [{ type: "ESModule", path: "counting.js", contents: bundle.outputFiles[0]?.text ?? "" }],
            compatibilityDate: "2026-11-01",
            compatibilityFlags: ["nodejs_compat"],
            bindings: { JURISDICTIONS: "off", CLICKHOUSE_URL_US_EAST: `http://bench:bench@127.0.0.1:${address.port}/spans` },
            durableObjects: { EVENT_BUFFER: { className: "CountedBuffer", useSQLite: true } },
            r2Buckets: Object.fromEntries(regions.map((region) => [`BUCKET_${suffixOf(region)}`, region])),
            queueProducers: Object.fromEntries(regions.map((region) => [`QUEUE_${suffixOf(region)}`, `evalforge-events-${region}`])),
            queueConsumers: Object.fromEntries(
              regions.map((region) => [`evalforge-events-${region}`, { maxBatchSize: 8, maxBatchTimeout: 0 }]),
            ),
            unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
            stripCfConnectingIp: false,
          },
        ],
      }),
    );
    const url = await miniflare.unsafeGetDirectURL("counting");
    return new CountingSystem(miniflare, url.origin, () => clickhouse.close());
  }

  private constructor(miniflare: Miniflare, url: string, end: () => void) {
    this.#miniflare = miniflare;
    this.#url = url;
    this.#end = end;
  }

  async post(path: "/calls" | "/events" | "/minute", body: string): Promise<void> {
    const response = await fetch(this.#url + path, { method: "POST", body });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
  }

  async counts(): Promise<RawCounts> {
    const response = await fetch(`${this.#url}/counts`);
    return countsSchema.parse(await response.json());
  }

  async stop(): Promise<void> {
    await this.#miniflare.dispose();
    this.#end();
  }
}
