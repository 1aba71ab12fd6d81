import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { usageBuckets, type UsageBucket } from "#core/contracts/usage.ts";
import { formatCount } from "../format/numbers.ts";
import { AlignedCost } from "../ui/cost.tsx";

const bucketNames = {
  inputTokens: "Input",
  inputCachedTokens: "Input, cached",
  cacheWriteTokens: "Cache write",
  cacheWriteHourTokens: "Cache write, 1 hour",
  inputAudioTokens: "Input, audio",
  inputImageTokens: "Input, image",
  outputTokens: "Output",
  reasoningTokens: "Reasoning",
  outputAudioTokens: "Output, audio",
} as const satisfies Record<UsageBucket, string>;

const sources = { "price-book": "Price book", override: "Own price", sender: "Told by the sender" } as const;

interface UsageTableProps {
  readonly usage: StoredSpan["usage"];
  readonly cost: StoredSpan["cost"];
}

/** Tokens and cost bucket by bucket. Buckets are exclusive, so the columns add up. */
export function UsageTable({ usage, cost }: UsageTableProps) {
  if (usage === null) return <p className="muted">The provider reported no usage, so the cost is unknown.</p>;
  const shown = usageBuckets.filter((bucket) => usage[bucket] > 0 || bucket === "inputTokens" || bucket === "outputTokens");
  return (
    <>
      <table className="usage-table">
        <thead>
          <tr>
            <th scope="col">Bucket</th>
            <th scope="col">Tokens</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((bucket) => (
            <tr key={bucket}>
              <th scope="row">{bucketNames[bucket]}</th>
              <td>{formatCount(usage[bucket])}</td>
              <td>
                {cost === null ? <span className="faint">–</span> : <AlignedCost nanoUsd={cost.buckets[bucket]} incomplete={false} />}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td>{formatCount(usageBuckets.reduce((sum, bucket) => sum + usage[bucket], 0))}</td>
            <td>
              <AlignedCost nanoUsd={cost?.totalNanoUsd ?? null} incomplete={false} />
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="price-source">
        {cost === null ? "No price is known for this model." : [sources[cost.source], cost.priceVersion].filter(Boolean).join(" · ")}
      </p>
    </>
  );
}
