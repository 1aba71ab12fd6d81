import { callModel } from "../calls.ts";
import { answer, question, reply } from "../language/prose.ts";
import { passage } from "../language/records.ts";
import { wordsOf } from "../random.ts";
import { beginStep, embed, endStep, placeIn } from "../steps.ts";
import { wires } from "../wire.ts";
import { conversation, drawLength, drawTopic, drawTurns, knowledgeModel, spansOfCalls, systemPrompt, think, type App } from "./app.ts";

/** Questions to a company's documents: each a trace of embedding, search and an answer from what was found. */
export const knowledge: App = {
  share: 18,
  environments: ["production", "production", "staging"],
  clients: ["evalforge-python/0.4.1", "evalforge-python/0.4.2"],
  tags: wordsOf("wiki handbook contracts wiki"),
  plan: (random) => drawTurns(random, drawLength(random, 2.2, 9), () => 1),
  spansOf: (turn) => 3 + spansOfCalls(turn),
  *run(session, turns) {
    const { random } = session;
    const topic = drawTopic(random);
    const system = systemPrompt("knowledge", "people", 9);
    for (const [number, [attempts = 1]] of turns.entries()) {
      const asked = number === 0 ? question(random, topic) : reply(random, topic);
      const chain = beginStep(session, "chain", "answer question", null);
      yield embed(session, placeIn(chain), [asked]);
      const retriever = beginStep(session, "retriever", "search documents", chain);
      const found = Array.from({ length: random.int(3, 6) }, () => passage(random, topic));
      yield endStep(session, retriever, random.logNormal(45, 0.5), { input: { query: asked, top: found.length }, output: found });
      const chat = conversation(knowledgeModel(session), { system, streamed: random.chance(0.5) });
      const context = found.map((one, index) => `[${index + 1}] ${String(one["title"])}\n${String(one["text"])}`).join("\n\n");
      chat.messages.push(wires[chat.model.api].user(`Answer from these documents alone.\n\n${context}\n\nQuestion: ${asked}`));
      const text = `${answer(random, topic, random.int(2, 6))} [${random.int(1, found.length)}]`;
      const answered = yield* callModel(session, chat, attempts, placeIn(chain), { text, use: null });
      yield endStep(session, chain, 1, {
        input: asked,
        output: answered ? text : null,
        ...(answered ? {} : { error: "the model did not answer" }),
      });
      think(session, 50_000);
    }
  },
};
