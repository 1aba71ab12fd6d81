import { callModel } from "../calls.ts";
import { answer, question, sentence, thing } from "../language/prose.ts";
import { tools, type Tool } from "../language/records.ts";
import { models } from "../models.ts";
import { wordsOf, type Bank, type Random } from "../random.ts";
import { beginStep, endStep, placeIn } from "../steps.ts";
import { wires } from "../wire.ts";
import { conversation, drawLength, drawTopic, drawTurn, spansOfCalls, systemPrompt, think, type App, type Turn } from "./app.ts";

const bank: Bank<Tool> = [tools.searchWeb, tools.readPage, tools.queryTable];
/** What an agent keeps of a page, so that its window lasts. */
const keptCharactersMax = 1_800;

/** How many calls an agent makes that goes round in circles. */
const runawayCalls = 160;

/** The calls of one agent that does not find its end. */
export function runawayTurn(random: Random): Turn {
  return drawTurn(random, runawayCalls);
}

/** Agents: a trace of steps, each a call of the model and the tool that it asked for, which itself asks somebody. */
export const research: App = {
  share: 14,
  environments: ["production", "production", "development"],
  clients: ["evalforge-python/0.4.2"],
  tags: wordsOf("market competitors literature market"),
  plan: (random) => Array.from({ length: random.int(1, 2) }, () => drawTurn(random, 2 + drawLength(random, 4, 14))),
  // The agent, and of each call its step and what the tool is made of; the last one calls none.
  spansOf: (turn) => 1 + turn.length + spansOfCalls(turn) + (turn.length - 1) * 2,
  *run(session, turns) {
    const { random } = session;
    for (const calls of turns) {
      const topic = drawTopic(random);
      const chat = conversation(random.chance(0.6) ? models.gpt5 : models.sonnet, {
        system: systemPrompt("research", "science", 12),
        tools: bank,
        streamed: false,
      });
      const wire = wires[chat.model.api];
      const asked = question(random, topic);
      chat.messages.push(wire.user(asked));
      const agent = beginStep(session, "agent", "research", null);
      let report = "";
      for (const [index, attempts] of calls.entries()) {
        const step = beginStep(session, "chain", `step ${index + 1}`, agent);
        if (index === calls.length - 1) {
          report = answer(random, topic, random.int(8, 24));
          yield* callModel(session, chat, attempts, placeIn(step), { text: report, use: null });
          yield endStep(session, step, 1, { input: null, output: null });
          continue;
        }
        const tool = random.pick(bank);
        const use = { id: wire.newUseId(random), name: tool.name, input: tool.call(random, topic) };
        const answered = yield* callModel(session, chat, attempts, placeIn(step), { text: sentence(random, topic), use });
        const toolStep = beginStep(session, "tool", tool.name, step);
        const request = beginStep(session, "span", `${tool === tools.queryTable ? "SQL" : "GET"} ${thing(random, topic)}`, toolStep);
        const found = tool.result(random, topic);
        const text = (typeof found === "string" ? found : JSON.stringify(found)).slice(0, keptCharactersMax);
        const failed = random.chance(0.04) ? { error: "timed out after 10 s" } : {};
        yield endStep(session, request, random.logNormal(600, 0.9), { input: use.input, output: null, ...failed });
        yield endStep(session, toolStep, 1, { input: use.input, output: text });
        if (answered) chat.messages.push(wire.result(use.id, text));
        yield endStep(session, step, 1, { input: null, output: null });
      }
      yield endStep(session, agent, 2, { input: asked, output: report });
      think(session, 90_000);
    }
  },
};
