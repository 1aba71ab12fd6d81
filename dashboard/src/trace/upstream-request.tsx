import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { prettyJson } from "../wire/json.ts";

interface UpstreamRequestProps {
  readonly request: StoredSpan["upstreamRequest"];
  readonly usageRaw: string;
}

/** What the gateway sent on, as the difference to what it was sent, and the usage that the provider reported. */
export function UpstreamRequest({ request, usageRaw }: UpstreamRequestProps) {
  const changed = Object.entries(request?.changedFields ?? {});
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
          <h3>Changed fields</h3>
          {changed.length === 0 ? (
            <p className="muted">None: the body went upstream as it came.</p>
          ) : (
            <dl className="changed-fields">
              {changed.map(([name, value]) => (
                <div key={name}>
                  <dt className="mono">{name}</dt>
                  <dd>
                    <pre tabIndex={0}>{prettyJson(value)}</pre>
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </>
      )}
      <h3>Usage as the provider reported it</h3>
      {usageRaw === "" ? <p className="muted">The provider reported none.</p> : <pre tabIndex={0}>{prettyJson(usageRaw)}</pre>}
    </div>
  );
}
