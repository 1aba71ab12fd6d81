import type { Region } from "#core/contracts/region.ts";
import { systemPrompt } from "./apps/app.ts";
import { paragraph, question } from "./language/prose.ts";
import type { AskedModel, Lane } from "./lanes.ts";
import type { Model } from "./models.ts";
import { Random } from "./random.ts";
import { userOf } from "./session.ts";

/** A call that is still to be made. */
export interface AskedCall {
  readonly model: AskedModel;
  readonly region: Region;
  /** After the edge's address. */
  readonly path: string;
  /** What the gateway is told beside the body. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON, with so much of what there is to be read. */
  readonly bodyOf: (characters: number) => string;
}

interface Said {
  readonly model: AskedModel;
  readonly system: string;
  readonly text: string;
  readonly streamed: boolean;
}

interface AskedWire {
  readonly path: string;
  readonly body: (said: Said) => Readonly<Record<string, unknown>>;
}

/** The most that an answer may have: a call that does not say it reserves all that its model can write. */
const answerTokensMax = 400;

const wires = {
  chat: {
    path: "/v1/chat/completions",
    body: ({ model: { provider, name }, system, text, streamed }) => ({
      model: name,
      messages: [
        { role: "system", content: system },
        { role: "user", content: text },
      ],
      [provider === "openai" ? "max_completion_tokens" : "max_tokens"]: answerTokensMax,
      ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
    }),
  },
  messages: {
    path: "/v1/messages",
    body: ({ model, system, text, streamed }) => ({
      model: model.name,
      system,
      messages: [{ role: "user", content: text }],
      max_tokens: answerTokensMax,
      ...(streamed ? { stream: true } : {}),
    }),
  },
  embedding: { path: "/v1/embeddings", body: ({ model, text }) => ({ model: model.name, input: text }) },
} as const satisfies Record<Model["api"], AskedWire>;

/** The calls of a lane in their order; the same for the same seed. */
export function callsOf(seed: string, lane: Lane): readonly AskedCall[] {
  const { app, topic, models, calls, characters, streamEvery } = lane;
  const random = new Random(`${seed}/now/${app}`);
  const callers = callersOf(seed, lane, random);
  const system = systemPrompt(app, topic, 3);
  // Made once and cut in different places: to make as much for each call would take longer than the call.
  const documents = textOf(random, lane, 2 * characters);
  return Array.from({ length: calls }, (_, index) => {
    const model = random.pick(models);
    const { region, headers } = random.pickCommon(callers);
    const asked = question(random, topic);
    const from = random.int(0, characters);
    const streamed = streamEvery > 0 && index % streamEvery === streamEvery - 1;
    const wire: AskedWire = wires[model.api];
    return {
      model,
      region,
      path: wire.path,
      headers,
      bodyOf: (length) =>
        JSON.stringify(wire.body({ model, system, text: `${asked}\n\n${documents.slice(from, from + length)}`, streamed })),
    };
  });
}

function textOf(random: Random, { topic }: Lane, characters: number): string {
  const parts: string[] = [];
  for (let length = 0; length < characters; length += parts.at(-1)?.length ?? 0) parts.push(`${paragraph(random, topic, 6)}\n\n`);
  return parts.join("");
}

type Caller = Pick<AskedCall, "region" | "headers">;

/** Who asks: the first ones more often. */
function callersOf(seed: string, { app, from }: Lane, random: Random): readonly [Caller, ...Caller[]] {
  const headersOf = (metadata: object, tags: string) => ({
    "x-evalforge-session-id": `sess_${random.hex(16)}`,
    "x-evalforge-environment": "production",
    "x-evalforge-tags": tags,
    "x-evalforge-metadata": JSON.stringify({ ...metadata, app }),
  });
  if ("job" in from) return [{ region: from.job, headers: headersOf({}, `${app},job`) }];
  const callerOf = (rank: number): Caller => {
    const { userId, servingRegion, metadata } = userOf(seed, rank);
    return { region: servingRegion, headers: { ...headersOf(metadata, app), "x-evalforge-user-id": userId } };
  };
  const [first, ...others] = [callerOf(1), ...Array.from({ length: from.users - 1 }, (_, index) => callerOf(index + 2))];
  return [first, ...others];
}
