import { formatCost, splitDollars } from "../format/money.ts";

interface CostProps {
  readonly nanoUsd: number | string | null;
  readonly incomplete: boolean;
}

/** A cost whose decimal point stands in the same place in every row of a column. */
export function AlignedCost({ nanoUsd, incomplete }: CostProps) {
  if (nanoUsd === null)
    return (
      <span className="cost-unknown" title="The price of this model is not known">
        unknown
      </span>
    );
  const { whole, fraction } = splitDollars(nanoUsd);
  return (
    <span className="aligned-cost" title={incomplete ? "Some spans have no known price: the sum is at least this" : undefined}>
      <span>
        {incomplete && "≥ "}
        {whole}
      </span>
      <span>{fraction}</span>
    </span>
  );
}

export function CostText({ nanoUsd, incomplete }: CostProps) {
  return <span className={nanoUsd === null ? "cost-unknown" : undefined}>{formatCost(nanoUsd, incomplete)}</span>;
}
