import { useMemo, useState } from "react";
import { formatCount } from "../format/numbers.ts";
import { isJsonDocument, prettyJson } from "../wire/json.ts";

const foldedCharacters = 3_000;
const foldedLines = 40;
/** A browser lays out so many characters at once without a stop that is felt. */
const openedCharacters = 200_000;
/** To indent JSON takes a copy of it; beyond this it stands as it came. */
export const indentedCharactersMax = 2_000_000;

/** Text as written, JSON indented; long text is folded until asked for, and the longest comes piece by piece. */
export function LongText({ text }: { readonly text: string }) {
  const [opened, setOpened] = useState(0);
  const structured = useMemo(() => text.length <= indentedCharactersMax && isJsonDocument(text), [text]);
  const shown = useMemo(() => (structured ? prettyJson(text) : text), [structured, text]);
  const long = shown.length > foldedCharacters || shown.slice(0, foldedCharacters).split("\n", foldedLines + 1).length > foldedLines;
  const visible = !long ? shown : opened === 0 ? fold(shown) : shown.slice(0, opened);
  const isWhole = !long || opened >= shown.length;
  return (
    <div className="long-text">
      <pre className={structured ? "message-text message-json" : "message-text"}>
        {visible}
        {!isWhole && "…"}
      </pre>
      {!isWhole && (
        <button type="button" className="quiet-button" aria-expanded={opened > 0} onClick={() => setOpened(opened + openedCharacters)}>
          {shown.length - opened <= openedCharacters
            ? `Show all ${formatCount(shown.length)} characters`
            : `Show ${formatCount(openedCharacters)} more of ${formatCount(shown.length)} characters`}
        </button>
      )}
      {long && opened > 0 && (
        <button type="button" className="quiet-button" onClick={() => setOpened(0)}>
          Show less
        </button>
      )}
    </div>
  );
}

function fold(text: string): string {
  return text.slice(0, foldedCharacters).split("\n").slice(0, foldedLines).join("\n");
}
