import type { Span } from "#core/contracts/span.ts";
import type { Conversation } from "../calls.ts";
import { instruction, paragraph, capital } from "../language/prose.ts";
import type { Tool } from "../language/records.ts";
import type { topics, TopicName } from "../language/topics.ts";
import { models } from "../models.ts";
import { Random, type Bank } from "../random.ts";
import type { Session } from "../session.ts";

/** How often each call of one turn is attempted. */
export type Turn = readonly number[];

/** An application of the project: how its sessions are planned and what happens in them. */
export interface App {
  /** Its part of all spans. */
  readonly share: number;
  readonly environments: Bank<string>;
  readonly clients: Bank<string>;
  readonly tags: Bank<string>;
  /** The calls of a session, turn by turn; they say how many spans it has before any of them is made. */
  readonly plan: (random: Random) => readonly Turn[];
  readonly spansOf: (turn: Turn) => number;
  readonly run: (session: Session, turns: readonly Turn[]) => Generator<Span, void>;
}

/** The spans of one call: its own, and one for each attempt where there were several. */
export function spansOfCall(attempts: number): number {
  return attempts === 1 ? 1 : attempts + 1;
}

export function spansOfCalls(turn: Turn): number {
  return turn.reduce((sum, attempts) => sum + spansOfCall(attempts), 0);
}

/** `count` calls; one in 60 finds its provider busy once or twice. */
export function drawTurn(random: Random, count: number): Turn {
  return Array.from({ length: count }, () => (random.chance(1 / 60) ? random.int(2, 3) : 1));
}

export function drawTurns(random: Random, turns: number, callsOfTurn: () => number): readonly Turn[] {
  return Array.from({ length: turns }, () => drawTurn(random, callsOfTurn()));
}

/** How often somebody comes back in a conversation: at least once, half stop soon. */
export function drawLength(random: Random, mean: number, max: number): number {
  return Math.min(max, 1 + Math.floor(random.exponential(mean - 1)));
}

const topicNames = [
  "orders",
  "billing",
  "coding",
  "databases",
  "travel",
  "health",
  "law",
  "marketing",
  "finance",
  "science",
  "home",
  "people",
] as const satisfies readonly (keyof typeof topics)[];

export function drawTopic(random: Random): TopicName {
  return random.pick<TopicName>(topicNames);
}

const systemPrompts = new Map<string, string>();

/** What an application tells its model each time: who it is, and its rules. The same for every session. */
export function systemPrompt(app: string, topic: TopicName, rules: number): string {
  const known = systemPrompts.get(app);
  if (known !== undefined) return known;
  const random = new Random(`system prompt of ${app}`);
  const list = Array.from(
    { length: rules },
    (_, index) => `${index + 1}. ${capital(instruction(random, topic))}. ${paragraph(random, topic, 1)}`,
  );
  const text = `You are the ${app} assistant. ${paragraph(random, topic, 3)}\n\n## Rules\n\n${list.join("\n")}\n\n## Style\n\n${paragraph(random, topic, 4)}`;
  systemPrompts.set(app, text);
  return text;
}

export function conversation(
  model: Conversation["model"],
  { system, tools = [], streamed }: { readonly system: string; readonly tools?: readonly Tool[]; readonly streamed: boolean },
): Conversation {
  return { model, system, tools, streamed, messages: [], seenTokens: 0 };
}

/** Somebody reads and types. */
export function think(session: Session, medianMs: number): void {
  session.nowMs += Math.ceil(session.random.logNormal(medianMs, 0.7));
}

/** A model that the application asks at that moment: the knowledge base changes to a dearer one. */
export function knowledgeModel({ anomalies, nowMs }: Session): Conversation["model"] {
  return nowMs >= anomalies.dearerModelFromMs ? models.gpt4o : models.haiku;
}
