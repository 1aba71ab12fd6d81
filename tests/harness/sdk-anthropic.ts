import * as sdk from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { forecastSchema, weather, type Asking, type Connection, type SdkClient, type Told } from "./sdk-client.ts";

/** Anthropic's client, as its users make it. */
export function anthropicOf({ url, apiKey, maxRetries = 0, timeoutMs = 60_000 }: Connection): sdk.Anthropic {
  return new sdk.Anthropic({ baseURL: url, apiKey, maxRetries, timeout: timeoutMs });
}

const bodyOf = ({ model, text = "Hi", fields = {} }: Asking) => ({
  ...fields,
  model,
  max_tokens: 1_024,
  messages: [{ role: "user" as const, content: text }],
});
const tool = betaZodTool({ name: weather.name, description: weather.description, inputSchema: weather.schema, run: weather.tell });

/** The tool runner as it is by itself: Anthropic keeps the conversation, and each turn sends only what is new. */
export async function runToolsInThread(connection: Connection, asking: Asking): Promise<string> {
  const runner = anthropicOf(connection).beta.messages.toolRunner({ ...bodyOf(asking), tools: [tool] }, optionsOf(asking));
  return textOf(await runner.runUntilDone());
}

/** Anthropic's client, calling messages. */
export function anthropicMessages(connection: Connection): SdkClient {
  const { messages, beta } = anthropicOf(connection);
  // Every turn sends the whole conversation, which is what other providers can be asked.
  const toolsOf = (asking: Asking) => ({ ...bodyOf(asking), tools: [tool], thread: false as const });
  return {
    api: "messages",
    errors: sdk,
    plain: async (asking) => tellOf(await messages.create(bodyOf(asking), optionsOf(asking))),
    events: async (asking) => {
      let told: Told = { text: "", model: "", stop: null, usage: null };
      for await (const event of await messages.create({ ...bodyOf(asking), stream: true }, optionsOf(asking))) {
        if (event.type === "message_start") told = { ...told, model: event.message.model };
        if (event.type === "content_block_delta" && event.delta.type === "text_delta")
          told = { ...told, text: told.text + event.delta.text };
        if (event.type === "message_delta") told = { ...told, stop: event.delta.stop_reason, usage: event.usage };
      }
      return told;
    },
    gathered: async (asking) => tellOf(await messages.stream(bodyOf(asking), optionsOf(asking)).finalMessage()),
    tools: async (asking) => textOf(await beta.messages.toolRunner(toolsOf(asking), optionsOf(asking)).runUntilDone()),
    streamedTools: async (asking) =>
      textOf(await beta.messages.toolRunner({ ...toolsOf(asking), stream: true }, optionsOf(asking)).runUntilDone()),
    parsed: async (asking) => {
      const output_config = { format: zodOutputFormat(forecastSchema) };
      return (await messages.parse({ ...bodyOf(asking), output_config }, optionsOf(asking))).parsed_output;
    },
  };
}

function tellOf(message: sdk.Anthropic.Message): Told {
  return { text: textOf(message), model: message.model, stop: message.stop_reason, usage: message.usage };
}

function textOf({ content }: sdk.Anthropic.Message | sdk.Anthropic.Beta.BetaMessage): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

const optionsOf = ({ headers = {}, signal }: Asking) => ({ headers, ...(signal === undefined ? {} : { signal }) });
