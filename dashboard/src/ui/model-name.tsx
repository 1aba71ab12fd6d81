interface ModelNameProps {
  readonly provider: string;
  readonly requested: string;
  readonly served: string;
}

/** The model that was asked for, and the one that answered where it is another. */
export function ModelName({ provider, requested, served }: ModelNameProps) {
  // The provider stands beside the name wherever this is shown.
  const asked = provider !== "" && requested.startsWith(`${provider}/`) ? requested.slice(provider.length + 1) : requested;
  if (asked !== "" && isDated(served, asked)) return <span title={served}>{asked}</span>;
  if (asked === "" || served === "" || served === requested || served === asked) return <>{asked || served || "–"}</>;
  return (
    <>
      {asked} <span className="served-model">→ {served}</span>
    </>
  );
}

/** Whether a model is another only by its date (`gpt-5-mini-2025-08-07`, `claude-haiku-4-5-20251001`), as nearly every answer says. */
function isDated(served: string, asked: string): boolean {
  return served.startsWith(asked) && /^-\d{4}-?\d{2}-?\d{2}$/.test(served.slice(asked.length));
}
