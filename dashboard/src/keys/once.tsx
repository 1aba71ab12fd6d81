import { CodeBlock } from "../ui/code-block.tsx";

/** The text of a key, which is stored nowhere: this is the only time that it is shown. */
export function Once({ text, onDone }: { readonly text: string; readonly onDone: () => void }) {
  return (
    <div className="once">
      <p className="banner banner-warning" role="alert">
        <span className="banner-text">
          <strong>Copy it now.</strong> It is stored nowhere, and is shown this once.
        </span>
      </p>
      <CodeBlock text={text} what="key" />
      <button type="button" className="button button-primary" onClick={onDone}>
        I have it
      </button>
    </div>
  );
}
