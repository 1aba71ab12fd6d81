import type { ReactNode } from "react";
import type { StoredSpan } from "#core/contracts/api/traces.ts";
import { formatDuration } from "../format/numbers.ts";
import { formatInstant } from "../format/time.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { apis } from "../wire/apis.ts";
import { phasesOf } from "./phases.ts";
import { UsageTable } from "./usage-table.tsx";

/** The figures and names of a span, in groups; what is empty is left out. */
export function SpanFacts({ span }: { readonly span: StoredSpan }) {
  const who: readonly Row[] = [
    ["User", span.userId],
    ["Session", span.sessionId],
    ["Environment", span.environment],
    ["Release", span.release],
    ["Prompt", [span.promptId, span.promptVersion, span.promptLabel].filter(Boolean).join(" · ")],
    ["Experiment", [span.experimentId, span.experimentArm].filter(Boolean).join(" · ")],
    ["Dataset item", span.datasetItemId],
    ["Tools used", span.toolNames.join(", ")],
    ["Tags", span.tags.join(", ")],
  ];
  return (
    <aside className="facts" aria-label="Facts of the span">
      <Timing span={span} />
      {(span.usage !== null || span.provider !== "") && (
        <Group title="Tokens and cost">
          <UsageTable usage={span.usage} cost={span.cost} />
        </Group>
      )}
      <Facts
        title="Call"
        rows={[
          ["API", apis.get(span.api)?.title ?? span.api],
          ["Provider", span.provider],
          ["Model requested", span.modelRequested],
          ["Model served", span.modelServed],
          ["Finish reason", span.finishReason === null ? "" : finishReasonText(span.finishReason)],
          ["HTTP status", span.httpStatus === 0 ? "" : String(span.httpStatus)],
          ["Streamed", span.streamed ? "yes" : ""],
          ["Answered by", span.simulated ? "simulator" : ""],
          ["Client", span.client],
        ]}
      />
      <Parameters parameters={span.parameters} />
      <Facts title="Context" rows={who} />
      <Facts title="Metadata" rows={Object.entries(span.metadata).map(([name, value]) => [name, String(value)])} />
      <Facts
        title="Ids"
        copied
        rows={[
          ["Trace", span.traceId],
          ["Span", span.spanId],
          ["Parent span", span.parentSpanId ?? ""],
          ["Key", span.keyId ?? ""],
          ["Holds", span.holdIds.join(", ")],
          ["Batch object", span.batchObject],
        ]}
      />
      <Facts
        title="Record"
        rows={[
          ["Serving region", span.servingRegion],
          ["Home region", span.homeRegion],
          ["Protocol", span.ingestProtocol],
          ["Started", formatInstant(span.startedAtMs)],
          ["Received", formatInstant(span.receivedAtMs)],
        ]}
      />
    </aside>
  );
}

type Row = readonly [name: string, value: string];

/** Where the time went: at the gateway, until the first token, while the answer came. */
function Timing({ span }: { readonly span: StoredSpan }) {
  const totalMs = Math.max(0, span.endedAtMs - span.startedAtMs);
  const phases = phasesOf(span);
  return (
    <Group title="Timing">
      {phases.length > 0 && (
        <div className="phases" aria-hidden="true">
          {phases.map(({ name, ms }) => (
            <span key={name} className={`phase phase-${name.toLowerCase().replace(" ", "-")}`} style={{ flexGrow: ms }} />
          ))}
        </div>
      )}
      <dl className="fact-list fact-figures">
        {phases.map(({ name, ms }) => (
          <Fact key={name} name={name}>
            <span className={`phase-mark phase-${name.toLowerCase().replace(" ", "-")}`} aria-hidden="true" />
            {formatDuration(ms)}
          </Fact>
        ))}
        <Fact name="Total">
          <strong>{formatDuration(totalMs)}</strong>
        </Fact>
      </dl>
    </Group>
  );
}

function Facts({ title, rows, copied = false }: { readonly title: string; readonly rows: readonly Row[]; readonly copied?: boolean }) {
  const filled = rows.filter(([, value]) => value !== "");
  if (filled.length === 0) return null;
  return (
    <Group title={title}>
      <dl className="fact-list">
        {filled.map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className={copied ? "mono fact-id" : "fact-text"} title={copied ? value : undefined}>
              {value}
            </span>
            {copied && <CopyButton text={value} what={`${name.toLowerCase()} id`} />}
          </Fact>
        ))}
      </dl>
    </Group>
  );
}

function Parameters({ parameters }: { readonly parameters: StoredSpan["parameters"] }) {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return null;
  return (
    <Group title="Parameters">
      <dl className="fact-list">
        {entries.map(([name, value]) => (
          <Fact key={name} name={name}>
            <ParameterValue value={value} />
          </Fact>
        ))}
      </dl>
    </Group>
  );
}

/** Tool definitions and schemas run to pages: they are folded to their size. */
function ParameterValue({ value }: { readonly value: unknown }) {
  if (typeof value !== "object" || value === null) return <span className="fact-text">{String(value)}</span>;
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  return (
    <details className="fact-value">
      <summary>
        {size} {Array.isArray(value) ? (size === 1 ? "item" : "items") : size === 1 ? "field" : "fields"}
      </summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="fact-group">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function finishReasonText({ unified, raw }: { readonly unified: string; readonly raw: string }): string {
  return raw === "" || raw === unified ? unified : `${unified} (${raw})`;
}
