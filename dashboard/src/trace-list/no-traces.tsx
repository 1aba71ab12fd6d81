import { CopyButton } from "../ui/copy-button.tsx";
import { Notice } from "../ui/notice.tsx";

/** The line that makes a first call; names stand in for an address and a key that this page does not know. */
export function firstCall(gatewayUrl: string): string {
  return [
    `curl ${gatewayUrl || "$EVALFORGE_URL"}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer $EVALFORGE_API_KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"Say hello"}]}'`,
  ].join("\n");
}

interface NoTracesProps {
  readonly gatewayUrl: string;
  /** `in the last 24 hours` */
  readonly range: string;
  readonly filtered: boolean;
}

export function NoTraces({ gatewayUrl, range, filtered }: NoTracesProps) {
  if (filtered) {
    return (
      <Notice title={`No traces like this ${range}`} tone="quiet">
        <p>Take a condition away, or look at a longer time.</p>
      </Notice>
    );
  }
  const line = firstCall(gatewayUrl);
  return (
    <Notice title={`No traces ${range}`} tone="quiet">
      <p>Send a call through the gateway. Its trace shows up here within two seconds, without a reload.</p>
      <div className="code-block">
        <CopyButton text={line} what="command" />
        <pre tabIndex={0}>{line}</pre>
      </div>
    </Notice>
  );
}
