import { CopyButton } from "../ui/copy-button.tsx";
import { prettyJson, writeJson } from "../wire/json.ts";
import type { Message, Part, ToolCall } from "../wire/message.ts";
import { LongText } from "./long-text.tsx";

interface MessageViewProps {
  readonly message: Message;
  readonly title?: string;
  readonly finishReason?: string;
  readonly output?: boolean;
}

/** One turn: who spoke, what was said, which tools were called. */
export function MessageView({ message, title = "", finishReason = "", output = false }: MessageViewProps) {
  const copied = message.parts.flatMap((part) => ("text" in part ? [part.text] : [])).join("\n\n");
  return (
    <article className={`message role-${message.role}${output ? " message-output" : ""}`}>
      <header>
        <span className="message-role">{message.role}</span>
        {title !== "" && <span className="muted">{title}</span>}
        {message.name !== "" && <span className="muted">{message.name}</span>}
        {message.toolCallId !== "" && <code className="call-id">{message.toolCallId}</code>}
        {message.isError && <span className="badge badge-error">error</span>}
        {finishReason !== "" && <span className="badge">{finishReason}</span>}
        {copied !== "" && <CopyButton text={copied} what="message" />}
      </header>
      {message.parts.map((part, at) => (
        <PartView key={at} part={part} />
      ))}
      {message.toolCalls.map((call, at) => (
        <ToolCallView key={at} call={call} />
      ))}
      {message.parts.length === 0 && message.toolCalls.length === 0 && <p className="faint">empty</p>}
    </article>
  );
}

function PartView({ part }: { readonly part: Part }) {
  switch (part.kind) {
    case "text":
      return <LongText text={part.text} />;
    case "reasoning":
      return (
        <details className="reasoning">
          <summary>Reasoning</summary>
          <LongText text={part.text} />
        </details>
      );
    case "refusal":
      return (
        <div className="refusal">
          <span className="badge badge-error">refusal</span>
          <LongText text={part.text} />
        </div>
      );
    case "image":
      return <ImagePart url={part.url} />;
    case "attachment":
      return <p className="attachment">{part.label}</p>;
    case "other":
      return <LongText text={writeJson(part.value, 2, "nested too deeply to be shown")} />;
  }
}

/** Only images that came with the message are drawn: loading one from elsewhere would tell that server who reads this. */
function ImagePart({ url }: { readonly url: string }) {
  if (/^data:image\/(png|jpeg|gif|webp|avif);base64,/.test(url)) {
    return <img className="message-image" src={url} alt="Image of the message" />;
  }
  if (/^https?:\/\//.test(url)) {
    return (
      <p className="attachment">
        image{" "}
        <a href={url} target="_blank" rel="noreferrer noopener">
          {url}
        </a>
      </p>
    );
  }
  return <p className="attachment">image {url.slice(0, 80)}</p>;
}

function ToolCallView({ call }: { readonly call: ToolCall }) {
  return (
    <div className="tool-call">
      <div className="tool-call-head">
        <span className="badge badge-tool">tool call</span>
        <strong className="mono">{call.name || "unnamed"}</strong>
        {call.id !== "" && <code className="call-id">{call.id}</code>}
      </div>
      <pre className="message-text message-json">{prettyJson(call.argumentsText)}</pre>
    </div>
  );
}
