import * as z from "zod";

/** What a region owns. Adding a region is a row here and its bindings in the three `wrangler.toml` files. */
interface RegionRow {
  readonly latitude: number;
  readonly longitude: number;
  /** Where Durable Objects of this region are first placed. */
  readonly locationHint: "enam" | "wnam" | "weur";
  /** Durable Object jurisdiction in production; local runtimes have none. */
  readonly jurisdiction: "eu" | null;
  /** Event buffer shards; raised when one shard passes about 250 appends/s or 5 MB/s. */
  readonly bufferShards: number;
  /** Names of bindings and variables end in this. */
  readonly suffix: "US_EAST" | "US_WEST" | "EU_WEST";
}

export const regions = {
  "us-east": { latitude: 38.9, longitude: -77.4, locationHint: "enam", jurisdiction: null, bufferShards: 1, suffix: "US_EAST" },
  "us-west": { latitude: 45.6, longitude: -121.2, locationHint: "wnam", jurisdiction: null, bufferShards: 1, suffix: "US_WEST" },
  "eu-west": { latitude: 53.3, longitude: -6.3, locationHint: "weur", jurisdiction: "eu", bufferShards: 1, suffix: "EU_WEST" },
} as const satisfies Record<string, RegionRow>;

export const regionSchema = z.enum(["us-east", "us-west", "eu-west"]);
export type Region = z.infer<typeof regionSchema>;
