import { useId, useState, type KeyboardEvent } from "react";
import { useMetrics } from "../overview/use-metrics.ts";
import { boundsOf } from "../range/time-range.ts";
import { pagePath } from "../routes.ts";
import { useProject } from "../shell/project-context.ts";
import { PlusIcon } from "../ui/icons.tsx";
import { Panel } from "../ui/panel.tsx";
import { Select } from "../ui/select.tsx";
import { AnswerView } from "./answer-view.tsx";
import { emptyDraft, readDraft, type Draft, type DraftFault } from "./draft.ts";
import { Parameters } from "./parameters.tsx";
import { TurnEditor } from "./turn-editor.tsx";
import { useAnswers } from "./use-answers.ts";
import { useCallKey } from "./use-call-key.ts";
import { useCallToOpen } from "./use-call-to-open.ts";
import { useDraft } from "./use-draft.ts";
import "../styles/conversation.css";
import "./playground.css";

const secondModel = "anthropic/claude-sonnet-4-5";

/** Sends what is written to one model or to two, as a call of the project like any other. */
export function PlaygroundPage() {
  const { session, projectId } = useProject();
  const { draft, isKept, former, change, replace } = useDraft(projectId);
  const [faults, setFaults] = useState<readonly DraftFault[]>([]);
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const { answers, isRunning, send, stop, clear } = useAnswers(session);
  const keys = useCallKey();
  const opening = useCallToOpen(session, (opened) => {
    replace({ ...opened.draft, keyId: draft.keyId });
    setLeftOut(opened.leftOut);
    clear();
  });
  const start = (next: Draft) => {
    replace(next);
    setLeftOut([]);
    setFaults([]);
    clear();
  };
  const run = async () => {
    const read = draft.models.map((model) => readDraft(draft, model));
    const bodies = read.flatMap((each) => (each.kind === "request" ? [each.body] : []));
    setFaults(read.find((each) => each.kind === "faulty")?.faults ?? []);
    if (bodies.length < read.length) return;
    const keyId = await keys.resolve(draft.keyId);
    if (keyId !== null) await send(keyId, bodies);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || isRunning) return;
    event.preventDefault();
    void run();
  };
  const shown = draft.models.map((model, at) => ({ model, answer: answers[at] ?? null }));
  return (
    <div className="page playground" onKeyDown={onKey}>
      <div className="page-head">
        <h1>Playground</h1>
        <div className="page-actions">
          {former !== null && (
            <button type="button" className="quiet-button" onClick={() => start(former)}>
              Bring back what was here before
            </button>
          )}
          <button type="button" className="button" onClick={() => start({ ...emptyDraft, models: draft.models, keyId: draft.keyId })}>
            Start anew
          </button>
          {isRunning ? (
            <button type="button" className="button button-danger" onClick={stop}>
              Stop
            </button>
          ) : (
            <button type="button" className="button button-primary" onClick={() => void run()}>
              Send <kbd>⌘↵</kbd>
            </button>
          )}
        </div>
      </div>
      <Notes opening={opening} leftOut={leftOut} isKept={isKept} keyFault={keys.failure?.message ?? ""} />
      <div className="playground-body">
        <div className="stacked">
          <Panel
            title="Models and settings"
            tools={
              <Select
                label="Call as"
                value={keys.others.some(({ keyId }) => keyId === draft.keyId) ? draft.keyId : ""}
                options={[["", "Playground’s own key"], ...keys.others.map(({ keyId, name }) => [keyId, name] as const)]}
                onChange={(keyId) => change({ keyId })}
              />
            }
          >
            <Models draft={draft} faults={faults} onChange={change} />
            <Parameters draft={draft} faults={faults} onChange={change} />
          </Panel>
          <Panel title="Conversation">
            <Turns draft={draft} faults={faults} onChange={change} />
          </Panel>
        </div>
        <div className={shown.length > 1 ? "answers answers-two" : "answers"}>
          {shown.map(({ model, answer }, at) => (
            <AnswerView
              key={at}
              model={model}
              answer={answer}
              traceHref={(traceId) => pagePath(projectId, "trace", traceId)}
              onContinue={(text) =>
                change({
                  turns: [
                    ...draft.turns,
                    { id: crypto.randomUUID(), kind: "assistant", text },
                    { id: crypto.randomUUID(), kind: "user", text: "" },
                  ],
                })
              }
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface NotesProps {
  readonly opening: ReturnType<typeof useCallToOpen>;
  readonly leftOut: readonly string[];
  readonly isKept: boolean;
  readonly keyFault: string;
}

function Notes({ opening, leftOut, isKept, keyFault }: NotesProps) {
  return (
    <>
      {opening.kind === "loading" && (
        <p className="waiting-line" role="status">
          <span className="spinner" aria-hidden="true" /> Fetching the call
        </p>
      )}
      {opening.kind === "failed" && (
        <p className="banner banner-error" role="alert">
          {opening.message}
        </p>
      )}
      {keyFault !== "" && (
        <p className="banner banner-error" role="alert">
          No key for the call could be made: {keyFault}
        </p>
      )}
      {leftOut.length > 0 && (
        <p className="banner banner-warning" role="status">
          The call came by another API. Left out here: {leftOut.join(", ")}.
        </p>
      )}
      {!isKept && (
        <p className="banner banner-warning" role="status">
          This is too large to be kept by the browser: a reload would lose it.
        </p>
      )}
    </>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly faults: readonly DraftFault[];
  readonly onChange: (changes: Partial<Draft>) => void;
}

function Models({ draft, faults, onChange }: PartProps) {
  const id = useId();
  const [bounds] = useState(() => boundsOf({ kind: "relative", name: "30d" }, Date.now()));
  const used = useMetrics(bounds, { metrics: "requests", groupBy: "provider,modelRequested", groupLimit: 100, interval: "none" });
  const known = used.data?.groups.flatMap(({ key }) => (key?.[0] && key[1] ? [`${key[0]}/${key[1]}`] : [])) ?? [];
  const fault = faults.find(({ field }) => field === "model")?.message;
  const [first = "", second] = draft.models;
  return (
    <div className="models">
      <datalist id={`${id}known`}>
        {known.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      {draft.models.map((model, at) => (
        <input
          key={at}
          aria-label={draft.models.length > 1 ? `Model ${at + 1}` : "Model"}
          className="mono model-input"
          list={`${id}known`}
          placeholder="provider/model"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={fault !== undefined && model.trim() === ""}
          value={model}
          onChange={(event) => onChange({ models: draft.models.map((each, index) => (index === at ? event.target.value : each)) })}
        />
      ))}
      {second === undefined ? (
        <button
          type="button"
          className="button"
          onClick={() => onChange({ models: [first, known.find((each) => each !== first) ?? secondModel] })}
        >
          <PlusIcon />
          Compare with another
        </button>
      ) : (
        <button type="button" className="quiet-button" onClick={() => onChange({ models: [first] })}>
          Only the first
        </button>
      )}
      {fault !== undefined && (
        <span className="field-fault" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}

function Turns({ draft: { turns }, faults, onChange }: PartProps) {
  const fault = faults.find(({ field }) => field === "turns")?.message;
  const nextKind = turns.at(-1)?.kind === "user" ? "assistant" : "user";
  return (
    <>
      <ol className="turns">
        {turns.map((turn, at) => (
          <TurnEditor
            key={turn.id}
            turn={turn}
            place={at + 1}
            onChange={(changed) => onChange({ turns: turns.map((each) => (each.id === turn.id ? changed : each)) })}
            onRemove={() => onChange({ turns: turns.filter((each) => each.id !== turn.id) })}
          />
        ))}
      </ol>
      {fault !== undefined && (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      <button
        type="button"
        className="button"
        onClick={() => onChange({ turns: [...turns, { id: crypto.randomUUID(), kind: nextKind, text: "" }] })}
      >
        <PlusIcon />
        Add a turn
      </button>
    </>
  );
}
