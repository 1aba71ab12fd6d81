import type { TraceId } from "#core/contracts/id.ts";
import { formatCost } from "../format/money.ts";
import { formatCount, formatDuration } from "../format/numbers.ts";
import { Link } from "../router.tsx";
import { MessageView } from "../trace/message-view.tsx";
import type { Answer } from "./send-call.ts";

const states = {
  waiting: "waiting",
  streaming: "answering",
  done: "done",
  stopped: "stopped",
  failed: "failed",
} as const satisfies Readonly<Record<Answer["state"], string>>;

interface AnswerViewProps {
  readonly model: string;
  readonly answer: Answer | null;
  readonly traceHref: (traceId: TraceId | string) => string;
  /** Goes on from this answer. */
  readonly onContinue: (text: string) => void;
}

/** What one model answers, with what it took. */
export function AnswerView({ model, answer, traceHref, onContinue }: AnswerViewProps) {
  const text = answer?.chat.choices[0]?.message.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n") ?? "";
  const isOver = answer !== null && answer.state !== "waiting" && answer.state !== "streaming";
  return (
    <section className="panel answer" aria-label={`Answer of ${model || "no model"}`} aria-busy={answer !== null && !isOver}>
      <div className="panel-head">
        <h2>{model || "No model"}</h2>
        {answer !== null && (
          <span className={answer.state === "failed" ? "badge badge-error" : "badge"} role="status">
            {states[answer.state]}
          </span>
        )}
      </div>
      {answer === null ? <p className="muted">The answer comes here.</p> : <Figures answer={answer} />}
      {answer?.state === "waiting" && (
        <p className="waiting-line">
          <span className="spinner" aria-hidden="true" /> Waiting for the first token
        </p>
      )}
      {answer !== null && (
        <div className="conversation">
          {answer.chat.choices.map((choice) => (
            <MessageView key={choice.index} message={choice.message} finishReason={choice.finishReason} output />
          ))}
          {answer.chat.errorText !== "" && (
            <p className="banner banner-error" role="alert">
              {answer.chat.errorText}
            </p>
          )}
          {answer.refusal !== null && (
            <p className="banner banner-error" role="alert">
              <span className="banner-text">
                {answer.refusal.code !== "" && <strong className="mono">{answer.refusal.code}</strong>} {answer.refusal.message}
              </span>
              {answer.refusal.status !== 0 && <span className="banner-side mono">{answer.refusal.status}</span>}
            </p>
          )}
          {answer.state === "stopped" && <p className="cut-note">You stopped it here.</p>}
        </div>
      )}
      {isOver && (
        <p className="actions">
          {answer.traceId !== "" && (
            <Link className="button" href={traceHref(answer.traceId)}>
              Open the trace
            </Link>
          )}
          {text !== "" && (
            <button type="button" className="button" onClick={() => onContinue(text)}>
              Continue from this
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function Figures({ answer: { figures, ttftMs, totalMs, state } }: { readonly answer: Answer }) {
  const tokens = figures.inputTokens === null ? "–" : `${formatCount(figures.inputTokens)} in · ${formatCount(figures.outputTokens)} out`;
  const cost =
    figures.costUsd === null || figures.costUsd === "unknown" ? (figures.costUsd ?? "–") : formatCost(nanoUsdOf(figures.costUsd), false);
  return (
    <dl className="totals">
      <div>
        <dt>First token</dt>
        <dd>{formatDuration(ttftMs)}</dd>
      </div>
      <div>
        <dt>{state === "streaming" ? "So far" : "Total"}</dt>
        <dd>{formatDuration(totalMs)}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>{tokens}</dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd>{cost}</dd>
      </div>
    </dl>
  );
}

/** The gateway tells whole nano-dollars as decimals. */
function nanoUsdOf(dollars: string): number {
  return Math.round(Number(dollars) * 1e9);
}
