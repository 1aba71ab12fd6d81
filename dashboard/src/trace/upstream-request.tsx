import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { prettyJson } from "../wire/json.ts";
import { upstreamDiff, type FieldDifference } from "./upstream-diff.ts";
import type { LoadedPayload } from "./use-payload.ts";

interface UpstreamRequestProps {
  readonly input: LoadedPayload;
  readonly request: StoredSpan["upstreamRequest"];
  readonly usageRaw: string;
}

/** What the gateway sent on, as the difference to what it was sent, and the usage that the provider reported. */
export function UpstreamRequest({ input, request, usageRaw }: UpstreamRequestProps) {
  return (
    <div className="upstream">
      {request === null ? (
        <p className="stand-in">
          No upstream request. <span className="muted">The call ended before one was made.</span>
        </p>
      ) : (
        <>
          <h3>Sent to</h3>
          <p className="upstream-url">
            <code>{request.url}</code>
            <CopyButton text={request.url} what="upstream address" />
          </p>
          <h3>Changed on the way</h3>
          <Differences rows={upstreamDiff(input.kind === "text" ? input.text : null, request.changedFields)} input={input} />
        </>
      )}
      <h3>Usage as the provider reported it</h3>
      {usageRaw === "" ? <p className="muted">The provider reported none.</p> : <pre tabIndex={0}>{prettyJson(usageRaw)}</pre>}
    </div>
  );
}

function Differences({ rows, input }: { readonly rows: readonly FieldDifference[]; readonly input: LoadedPayload }) {
  if (rows.length === 0) return <p className="muted">Nothing: all fields went upstream as they came.</p>;
  return (
    <>
      {input.kind === "reference" && (
        <p className="muted">
          What the caller sent is not fetched yet.{" "}
          <button type="button" className="quiet-button" disabled={input.loading} onClick={input.load}>
            Fetch it to compare
          </button>
        </p>
      )}
      <dl className="changed-fields">
        {rows.map(({ name, before, after }) => (
          <div key={name}>
            <dt className="mono">{name}</dt>
            <dd>
              {input.kind === "text" &&
                (before === null ? (
                  <p className="muted">Added: the caller did not say it.</p>
                ) : (
                  <pre tabIndex={0} className="diff-before" aria-label={`${name} as the caller sent it`}>
                    {prettyJson(before)}
                  </pre>
                ))}
              <pre tabIndex={0} className="diff-after" aria-label={`${name} as it went upstream`}>
                {prettyJson(after)}
              </pre>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
