import type { Verdict as VerdictName } from "#core/contracts/api/ingestion.ts";

const words = { ok: "All is stored", late: "Late", stuck: "Stuck", lossy: "Losing" } as const satisfies Record<VerdictName, string>;

export function Verdict({ verdict }: { readonly verdict: VerdictName }) {
  return (
    <span className={`status status-${verdict === "ok" ? "ok" : verdict === "late" ? "cancelled" : "error"}`}>
      <span className="status-dot" aria-hidden="true" />
      {words[verdict]}
    </span>
  );
}
