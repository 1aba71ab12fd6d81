/// <reference types="node" />
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const bindings = ["BUCKET_US_EAST", "BUCKET_US_WEST", "BUCKET_EU_WEST"] as const;
const nothing = "export default { fetch: () => new Response() };";

/** A real, empty bucket of every region. One runtime a call. */
export async function startBuckets() {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "buckets",
          modules: [{ type: "ESModule", path: "nothing.js", contents: nothing }],
          compatibilityDate: "2026-11-01",
          r2Buckets: [...bindings],
        },
      ],
    }),
  );
  const [usEast, usWest, euWest] = await Promise.all(bindings.map(async (binding) => await miniflare.getR2Bucket(binding)));
  if (usEast === undefined || usWest === undefined || euWest === undefined) throw new Error("a bucket is missing");
  return {
    buckets: { BUCKET_US_EAST: usEast, BUCKET_US_WEST: usWest, BUCKET_EU_WEST: euWest },
    stop: async () => {
      await miniflare.dispose();
    },
  };
}
