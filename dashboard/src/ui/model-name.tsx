interface ModelNameProps {
  readonly provider: string;
  readonly requested: string;
  readonly served: string;
}

/** The model that was asked for, and the one that answered where it is another. */
export function ModelName({ provider, requested, served }: ModelNameProps) {
  // The provider stands beside the name wherever this is shown.
  const asked = provider !== "" && requested.startsWith(`${provider}/`) ? requested.slice(provider.length + 1) : requested;
  if (asked === "" || served === "" || served === requested || served === asked) return <>{asked || served || "–"}</>;
  return (
    <>
      {asked} <span className="served-model">→ {served}</span>
    </>
  );
}
