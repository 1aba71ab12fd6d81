import { useMemo } from "react";
import type { SpanStatus } from "#core/contracts/span.ts";
import { readAnswer } from "../wire/answer.ts";
import { readRequest } from "../wire/request.ts";
import type { AnswerView } from "../wire/view.ts";
import { LongText } from "./long-text.tsx";
import { MessageView } from "./message-view.tsx";
import { PayloadStandIn } from "./payload-stand-in.tsx";
import type { LoadedPayload } from "./use-payload.ts";
import { Vectors } from "./vectors.tsx";

interface ConversationProps {
  readonly input: LoadedPayload;
  readonly output: LoadedPayload;
  readonly status: SpanStatus;
  /** The API that both are written in; empty: not known. */
  readonly api: string;
}

/** What was asked and answered, as turns under one another. */
export function Conversation({ input, output, status, api }: ConversationProps) {
  return (
    <div className="conversation">
      <h3 className="side-title">Input</h3>
      {input.kind === "text" ? <Asked text={input.text} api={api} /> : <PayloadStandIn what="input" payload={input} />}
      <h3 className="side-title">Output</h3>
      {output.kind === "text" ? (
        <AnsweredText text={output.text} mediaType={output.mediaType} api={api} status={status} />
      ) : (
        <PayloadStandIn what="output" payload={output} />
      )}
    </div>
  );
}

function Asked({ text, api }: { readonly text: string; readonly api: string }) {
  const request = useMemo(() => readRequest(text, api), [text, api]);
  switch (request.kind) {
    case "messages":
      return request.messages.map((message, at) => <MessageView key={at} message={message} />);
    case "inputs":
      return (
        <ol className="embedded-inputs">
          {request.inputs.map((input, at) => (
            <li key={at}>
              <LongText text={input} />
            </li>
          ))}
        </ol>
      );
    case "text":
      return <LongText text={request.text} />;
  }
}

interface AnsweredTextProps {
  readonly text: string;
  readonly mediaType: string;
  readonly api: string;
  readonly status: SpanStatus;
}

function AnsweredText({ text, mediaType, api, status }: AnsweredTextProps) {
  const answer = useMemo(() => readAnswer(text, mediaType, api), [text, mediaType, api]);
  return <Answered answer={answer} status={status} />;
}

function Answered({ answer, status }: { readonly answer: AnswerView; readonly status: SpanStatus }) {
  switch (answer.kind) {
    case "chat":
      return (
        <>
          {answer.choices.map((choice) => (
            <MessageView
              key={choice.index}
              message={choice.message}
              title={answer.choices.length > 1 ? `choice ${choice.index + 1}` : ""}
              finishReason={choice.finishReason}
              output
            />
          ))}
          {answer.errorText !== "" && <p className="banner banner-error">{answer.errorText}</p>}
          {!answer.complete && (
            <p className="cut-note">{status === "cancelled" ? "The client left here." : "The stream ended here, before it was whole."}</p>
          )}
        </>
      );
    case "vectors":
      return <Vectors vectors={answer.vectors} />;
    case "text":
      return <LongText text={answer.text} />;
  }
}
