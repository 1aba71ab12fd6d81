import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import OpenAI from "openai";
import * as z from "zod";
import { createBudget, getBudgetState, type budgetSchema, type BudgetState } from "#core/contracts/api/budgets.ts";
import { createKey } from "#core/contracts/api/keys.ts";
import { createOrganization } from "#core/contracts/api/organizations.ts";
import { createProject } from "#core/contracts/api/projects.ts";
import { createRateLimit } from "#core/contracts/api/rate-limits.ts";
import type { Region } from "#core/contracts/region.ts";
import { control } from "./control-api.ts";
import { begin, streamEvents, type Behaviour } from "./provider.ts";
import type { RunningSystem } from "./running-system.ts";

/** Of gpt-4o, in nano-dollars a token. */
const inputNanoUsd = 2_500;
const outputNanoUsd = 10_000;
const inputTokens = 10;

/** As a translation to Anthropic's API writes a text. */
const blocksSchema = z.array(z.object({ text: z.string() })).transform((blocks) => blocks.map(({ text }) => text).join(""));

const bodySchema = z.object({
  messages: z.array(z.object({ content: z.union([z.string(), blocksSchema]) })),
  max_tokens: z.int().optional(),
  max_completion_tokens: z.int().optional(),
});

/** What is asked of `spendingProvider`: how many tokens its answer has, and what becomes of it. */
type Act = "answer" | "hold" | "refuse" | "refuse-for-now" | "cut" | "stream" | "stream-cut" | "claude-begins" | "write" | "overbill";

/** How Anthropic begins a stream: with a usage that says one token of what is to come. */
const claudeBegins = [
  {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: inputTokens, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
];

/** A provider that does what a call's text says (`answer 120`: with so many tokens), and remembers what it billed. */
export function spendingProvider() {
  const held: (() => void)[] = [];
  const caps: (number | undefined)[] = [];
  let billedNanoUsd = 0;
  const behave: Behaviour = async (response, request) => {
    const body = bodySchema.parse(JSON.parse(request.body));
    const [act = "", tokensText = "0"] = (body.messages[0]?.content ?? "").split(" ");
    const cap = body.max_completion_tokens ?? body.max_tokens;
    caps.push(cap);
    const tokens = act === "overbill" ? Number(tokensText) : Math.min(Number(tokensText), cap ?? Number.MAX_SAFE_INTEGER);
    const usage = { prompt_tokens: inputTokens, completion_tokens: tokens, total_tokens: inputTokens + tokens };
    if (act === "refuse" || act === "refuse-for-now") {
      const later = act === "refuse" ? {} : { "retry-after-ms": "3000" };
      response.writeHead(503, { "content-type": "application/json", ...later }).end('{"error":{"message":"no","type":"server_error"}}');
      return;
    }
    if (act === "write") {
      billedNanoUsd += inputTokens * inputNanoUsd;
      await write(response, tokens, () => (billedNanoUsd += outputNanoUsd));
      response.end(`data: ${JSON.stringify({ ...streamEvents.at(-1), usage })}\n\ndata: [DONE]\n\n`);
      return;
    }
    billedNanoUsd += inputTokens * inputNanoUsd + tokens * outputNanoUsd;
    if (act === "hold") await new Promise<void>((resolve) => held.push(resolve));
    if (act === "stream" || act === "stream-cut") {
      begin(response, streamEvents.slice(0, -1));
      if (act === "stream-cut") response.socket?.destroy();
      else response.end(`data: ${JSON.stringify({ ...streamEvents.at(-1), usage })}\n\ndata: [DONE]\n\n`);
      return;
    }
    if (act === "claude-begins") {
      begin(response, claudeBegins);
      return;
    }
    if (act === "cut") {
      response.socket?.destroy();
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: "gpt-4o-2024-08-06",
        choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
        usage,
      }),
    );
  };
  return {
    behave,
    /** Calls whose answer is held back. */
    held: () => held.length,
    release: () => {
      for (const resolve of held.splice(0)) resolve();
    },
    billedNanoUsd: () => billedNanoUsd,
    /** What calls said of the length of their answers, as the provider got it. */
    caps,
  };
}

/** Writes a stream token by token, 2,000 a second, until somebody hangs up; each is billed when it is written. */
async function write(response: ServerResponse, tokens: number, bill: () => void): Promise<void> {
  begin(response, []);
  const [first] = streamEvents;
  for (let token = 0; token < tokens && !response.destroyed; token += 1) {
    const choices = [{ index: 0, delta: token === 0 ? { role: "assistant", content: "" } : { content: " yes" }, finish_reason: null }];
    bill();
    response.write(`data: ${JSON.stringify({ ...first, choices })}\n\n`);
    if (token % 20 === 19) await pause(10);
  }
}

/** What an answer of so many tokens costs. */
export function costOf(tokens: number): number {
  return inputTokens * inputNanoUsd + tokens * outputNanoUsd;
}

/** An organisation of its own, with a key, so that its limits hold for nobody else. */
export async function newSpender(system: RunningSystem, policy: object = {}) {
  const { organizationId } = await control(system, createOrganization, { body: { name: "Spenders" } });
  const project = { name: "p", homeRegion: "us-east" };
  const { projectId } = await control(system, createProject, { params: { organizationId }, body: project });
  const params = { organizationId };
  const newKey = async (change: object = {}): Promise<string> =>
    (await control(system, createKey, { params: { projectId }, body: { name: "k", record: "durable", ...policy, ...change } })).key;
  return {
    organizationId,
    projectId,
    newKey,
    budget: async (setting: object): Promise<z.output<typeof budgetSchema>> =>
      await control(system, createBudget, {
        params,
        body: { name: "Budget", subject: { kind: "organization" }, window: { kind: "never" }, ...setting },
      }),
    rateLimit: async (setting: object) =>
      await control(system, createRateLimit, { params, body: { name: "Rate", subject: { kind: "organization" }, ...setting } }),
    state: async (limitId: string): Promise<BudgetState> => {
      const { states } = await control(system, getBudgetState, { params: { organizationId, limitId } });
      const [state] = states;
      if (state === undefined || states.length > 1) throw new Error(`one account is counted, not ${states.length}`);
      return state;
    },
  };
}

/** The official client at a region's edge. */
export function clientAt({ local }: RunningSystem, region: Region, apiKey: string, maxRetries = 0): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${local.regions[region]}/v1`, maxRetries });
}

/** One call of the smallest kind. */
export function asking(act: Act, tokens: number, fields: object = {}) {
  return { model: "openai/gpt-4o", messages: [{ role: "user" as const, content: `${act} ${tokens}` }], max_tokens: tokens, ...fields };
}
