import { useState } from "react";
import { isJsonDocument, prettyJson } from "../wire/json.ts";

const foldedCharacters = 3_000;
const foldedLines = 40;

/** Text as written, JSON indented; long text is folded until asked for. */
export function LongText({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false);
  const structured = isJsonDocument(text);
  const shown = structured ? prettyJson(text) : text;
  const long = shown.length > foldedCharacters || shown.split("\n", foldedLines + 1).length > foldedLines;
  const visible = long && !open ? fold(shown) : shown;
  return (
    <div className="long-text">
      <pre className={structured ? "message-text message-json" : "message-text"}>
        {visible}
        {long && !open && "…"}
      </pre>
      {long && (
        <button type="button" className="quiet-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Show less" : `Show all ${shown.length.toLocaleString("en-US")} characters`}
        </button>
      )}
    </div>
  );
}

function fold(text: string): string {
  return text.slice(0, foldedCharacters).split("\n").slice(0, foldedLines).join("\n");
}
