import { startProvider, type Behaviour, type Provider, type ReceivedRequest } from "./provider.ts";
import { scriptedModel } from "./scripted-model.ts";

/** OpenAI and Anthropic on one socket, so that many calls may be under way, each answered by its own script. */
export interface ScriptedProvider extends Pick<Provider, "baseUrl" | "close"> {
  /** How the requests of a call are answered in their turn, the last way for all that follow; else the model answers. */
  readonly script: (traceId: string, ...behaviours: readonly Behaviour[]) => void;
  /** What it got of a call. */
  readonly requestsOf: (traceId: string) => readonly ReceivedRequest[];
}

/** A call is known by its trace's id, which stands in its text (`newCall`). */
export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const provider = await startProvider();
  const scripts = new Map<string, readonly Behaviour[]>();
  const requestsOf = (traceId: string) => provider.requests.filter(({ body }) => body.includes(traceId));
  provider.behave((response, request) => {
    const traceId = /[0-9a-f]{32}/.exec(request.body)?.[0] ?? "";
    const script = scripts.get(traceId) ?? [];
    const behaviour = script[requestsOf(traceId).length - 1] ?? script.at(-1) ?? scriptedModel;
    return behaviour(response, request);
  });
  return {
    baseUrl: provider.baseUrl,
    close: provider.close,
    script: (traceId, ...behaviours) => {
      scripts.set(traceId, behaviours);
    },
    requestsOf,
  };
}
