import * as sdk from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { forecastSchema, weather, type Asking, type Connection, type SdkClient, type Told } from "./sdk-client.ts";

/** OpenAI's client, calling chat completions. */
export function openaiChat({ url, apiKey, maxRetries = 0, timeoutMs = 60_000 }: Connection): SdkClient {
  const { completions } = new sdk.OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries, timeout: timeoutMs }).chat;
  const bodyOf = ({ model, text = "Hi", fields = {} }: Asking) => ({
    ...fields,
    model,
    messages: [{ role: "user" as const, content: text }],
  });
  const tool = zodFunction({ name: weather.name, description: weather.description, parameters: weather.schema, function: weather.tell });
  const withUsage = { stream: true, stream_options: { include_usage: true } } as const;
  return {
    api: "chat",
    errors: sdk,
    plain: async (asking) => tellOf(await completions.create(bodyOf(asking), optionsOf(asking))),
    events: async (asking) => {
      let told: Told = { text: "", model: "", stop: null, usage: null };
      for await (const {
        choices: [choice],
        model,
        usage,
      } of await completions.create({ ...bodyOf(asking), ...withUsage }, optionsOf(asking))) {
        told = {
          text: told.text + (choice?.delta.content ?? ""),
          model,
          stop: told.stop ?? choice?.finish_reason ?? null,
          usage: told.usage ?? usage ?? null,
        };
      }
      return told;
    },
    gathered: async (asking) =>
      tellOf(await completions.stream({ ...bodyOf(asking), ...withUsage }, optionsOf(asking)).finalChatCompletion()),
    tools: async (asking) => (await completions.runTools({ ...bodyOf(asking), tools: [tool] }, optionsOf(asking)).finalContent()) ?? "",
    streamedTools: async (asking) =>
      (await completions.runTools({ ...bodyOf(asking), stream: true, tools: [tool] }, optionsOf(asking)).finalContent()) ?? "",
    parsed: async (asking) => {
      const format = zodResponseFormat(forecastSchema, "forecast");
      const { choices } = await completions.parse({ ...bodyOf(asking), response_format: format }, optionsOf(asking));
      return choices[0]?.message.parsed;
    },
  };
}

function tellOf({ choices: [choice], model, usage }: sdk.OpenAI.ChatCompletion): Told {
  return { text: choice?.message.content ?? "", model, stop: choice?.finish_reason ?? null, usage };
}

const optionsOf = ({ headers = {}, signal }: Asking) => ({ headers, ...(signal === undefined ? {} : { signal }) });
