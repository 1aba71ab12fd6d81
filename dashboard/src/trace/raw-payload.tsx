import { useMemo, useState } from "react";
import { formatBytes, formatCount } from "../format/numbers.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { isJsonDocument, prettyJson } from "../wire/json.ts";
import { indentedCharactersMax } from "./long-text.tsx";
import { PayloadStandIn } from "./payload-stand-in.tsx";
import type { LoadedPayload } from "./use-payload.ts";

interface RawPayloadProps {
  readonly what: "input" | "output";
  readonly payload: LoadedPayload;
}

/** A body as it went over the wire; JSON is indented for reading, the copy is the original. */
export function RawPayload({ what, payload }: RawPayloadProps) {
  if (payload.kind !== "text") return <PayloadStandIn what={what} payload={payload} />;
  return <RawText what={what} mediaType={payload.mediaType} text={payload.text} />;
}

const pieceCharacters = 200_000;

/** The longest texts come piece by piece: a browser stops for seconds where it lays out megabytes at once. */
function RawText({ what, mediaType, text }: { readonly what: string; readonly mediaType: string; readonly text: string }) {
  const [shownCharacters, setShownCharacters] = useState(pieceCharacters);
  const isIndented = useMemo(() => text.length <= indentedCharactersMax && isJsonDocument(text), [text]);
  const shown = useMemo(() => (isIndented ? prettyJson(text) : text), [isIndented, text]);
  const bytes = useMemo(() => new Blob([text]).size, [text]);
  return (
    <div className="raw">
      <div className="raw-head">
        <span className="mono">{mediaType}</span>
        <span className="muted">{formatBytes(bytes)}</span>
        {isIndented && <span className="muted">indented for reading</span>}
        <CopyButton text={text} what={`${what} as sent`} label="Copy" />
      </div>
      <pre tabIndex={0}>{shown.slice(0, shownCharacters)}</pre>
      {shown.length > shownCharacters && (
        <p className="raw-more">
          <button type="button" className="button" onClick={() => setShownCharacters(shownCharacters + pieceCharacters)}>
            Show {formatCount(pieceCharacters)} more
          </button>{" "}
          <span className="muted">
            {formatCount(shownCharacters)} of {formatCount(shown.length)} characters
          </span>
        </p>
      )}
    </div>
  );
}
