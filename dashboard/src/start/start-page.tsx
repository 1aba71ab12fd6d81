import { useState } from "react";
import { useApi, useApiChange } from "../api/queries.ts";
import { Link } from "../router.tsx";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { snippetNames, snippets, type SnippetName } from "./snippets.ts";
import "./start.css";

const lookMs = 1_000;
const placeholderKey = "$EVALFORGE_API_KEY";

/** From nothing to the first trace: a key, two lines to change, and the call as it arrives. */
export function StartPage() {
  const { session, projectId } = useProject();
  const [snippet, setSnippet] = useState<SnippetName>("curl");
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [sinceMs] = useState(() => Date.now());
  const made = useApiChange("createKey", ["listKeys"]);
  const key = made.data?.key ?? placeholderKey;
  const url = session.gatewayUrl || "$EVALFORGE_URL";
  return (
    <div className="page page-narrow">
      <div className="page-head">
        <h1>Getting started</h1>
      </div>
      <ol className="steps">
        <li>
          <Panel title="1. A key for your application">
            {made.data === undefined ? (
              <>
                <p className="muted">It takes the place of your provider’s key. You can also use one that you have.</p>
                <p className="actions">
                  <button
                    type="button"
                    className="button button-primary"
                    disabled={made.isPending}
                    onClick={() => made.mutate({ params: { projectId }, query: {}, body: { name: "First application" }, idempotencyKey })}
                  >
                    Make a key
                  </button>
                </p>
                {made.error !== null && (
                  <p className="field-fault" role="alert">
                    {made.error.failure.message}
                  </p>
                )}
              </>
            ) : (
              <>
                <p>Keep it: it is stored nowhere, and is shown this once. It stands in the lines below already.</p>
                <CodeBlock text={made.data.key} what="key" />
              </>
            )}
          </Panel>
        </li>
        <li>
          <Panel
            title="2. Two lines to change"
            tools={
              <Segments
                label="Language"
                value={snippet}
                options={snippetNames.map((name) => [name, snippets[name].title] as const)}
                onChange={setSnippet}
              />
            }
          >
            <p className="muted">The address and the key. Everything else stays as it is, also with Anthropic’s client.</p>
            <CodeBlock text={snippets[snippet].write(url, key)} what={`${snippets[snippet].title} example`} />
          </Panel>
        </li>
        <li>
          <Panel title="3. The call arrives">
            <Arrival sinceMs={sinceMs} />
          </Panel>
        </li>
      </ol>
    </div>
  );
}

/** Looks every second whether a call has come since the page was opened. */
function Arrival({ sinceMs }: { readonly sinceMs: number }) {
  const { projectId } = useProject();
  const { data } = useApi("listTraces", { params: { projectId }, query: { fromMs: sinceMs, limit: 1 } }, { refetchMs: lookMs });
  const trace = data?.traces[0];
  if (trace === undefined) {
    return (
      <p className="waiting-line" role="status">
        <span className="spinner" aria-hidden="true" /> Waiting for a call. It is here within two seconds after it was answered.
      </p>
    );
  }
  return (
    <div className="arrived" role="status">
      <p>
        <strong>It is here.</strong> {trace.modelRequested} answered “{trace.outputPreview || trace.errorCode}”.
      </p>
      <Link className="button button-primary" href={pagePath(projectId, "trace", trace.traceId)}>
        Open the trace
      </Link>
    </div>
  );
}
