import * as sdk from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { ResponsesToolRunner, runnerFunction } from "openai/helpers/responses-tool-runner";
import { forecastSchema, weather, type Asking, type Connection, type SdkClient, type Told } from "./sdk-client.ts";

/** OpenAI's client, calling responses. */
export function openaiResponses({ url, apiKey, maxRetries = 0, timeoutMs = 60_000 }: Connection): SdkClient {
  const client = new sdk.OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries, timeout: timeoutMs });
  const { responses } = client;
  const bodyOf = ({ model, text = "Hi", fields = {} }: Asking) => ({ ...fields, model, input: text });
  return {
    api: "responses",
    errors: sdk,
    plain: async (asking) => tellOf(await responses.create(bodyOf(asking), optionsOf(asking))),
    events: async (asking) => {
      let text = "";
      let last: Told | null = null;
      for await (const event of await responses.create({ ...bodyOf(asking), stream: true }, optionsOf(asking))) {
        if (event.type === "response.output_text.delta") text += event.delta;
        if (event.type === "response.completed") last = tellOf(event.response);
      }
      if (last === null) throw new Error("the response was not completed");
      return { ...last, text };
    },
    gathered: async (asking) => tellOf(await responses.stream(bodyOf(asking), optionsOf(asking)).finalResponse()),
    tools: async (asking) => await runTools(client, asking, false),
    streamedTools: async (asking) => await runTools(client, asking, true),
    parsed: async (asking) => {
      const text = { format: zodTextFormat(forecastSchema, "forecast") };
      return (await responses.parse({ ...bodyOf(asking), text }, optionsOf(asking))).output_parsed;
    },
  };
}

async function runTools(client: sdk.OpenAI, asking: Asking, stream: boolean): Promise<string> {
  const { model, text = "Hi" } = asking;
  const tool = zodResponsesFunction({
    name: weather.name,
    description: weather.description,
    parameters: weather.schema,
    function: weather.tell,
  });
  const runner = new ResponsesToolRunner({ functions: [runnerFunction(tool)] });
  // The runner takes the conversation as a list, to which it adds.
  const input = [{ role: "user" as const, content: text }];
  return (await runner.run(client, { model, input }, { stream, requestOptions: optionsOf(asking) })).output_text;
}

function tellOf({ output_text: text, model, status, usage }: sdk.OpenAI.Responses.Response): Told {
  return { text, model, stop: status ?? null, usage };
}

const optionsOf = ({ headers = {}, signal }: Asking) => ({ headers, ...(signal === undefined ? {} : { signal }) });
