import { formatBytes } from "../format/numbers.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { isJsonDocument, prettyJson } from "../wire/json.ts";
import { PayloadStandIn } from "./payload-stand-in.tsx";
import type { LoadedPayload } from "./use-payload.ts";

/** A body as it went over the wire; JSON is indented for reading, the copy is the original. */
export function RawPayload({ what, payload }: { readonly what: "input" | "output"; readonly payload: LoadedPayload }) {
  if (payload.kind !== "text") return <PayloadStandIn what={what} payload={payload} />;
  return (
    <div className="raw">
      <div className="raw-head">
        <span className="mono">{payload.mediaType}</span>
        <span className="muted">{formatBytes(new TextEncoder().encode(payload.text).length)}</span>
        {isJsonDocument(payload.text) && <span className="muted">indented for reading</span>}
        <CopyButton text={payload.text} what={`${what} as sent`} label="Copy" />
      </div>
      <pre tabIndex={0}>{prettyJson(payload.text)}</pre>
    </div>
  );
}
