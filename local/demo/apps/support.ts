import { callModel } from "../calls.ts";
import { answer, question, reply, sentence } from "../language/prose.ts";
import { tools, type Tool } from "../language/records.ts";
import { models } from "../models.ts";
import { wordsOf } from "../random.ts";
import { wires } from "../wire.ts";
import { conversation, drawLength, drawTurns, spansOfCalls, systemPrompt, think, type App } from "./app.ts";

/** Chat with customers: streamed, a tool now and then, each call a trace of its own. */
export const support: App = {
  share: 34,
  environments: ["production", "production", "production", "staging"],
  clients: ["OpenAI/JS 6.9.1", "OpenAI/JS 6.9.1", "OpenAI/JS 5.23.2"],
  tags: wordsOf("web web web app email whatsapp"),
  plan: (random) => drawTurns(random, drawLength(random, 4.2, 24), () => (random.chance(0.3) ? random.int(2, 3) : 1)),
  spansOf: spansOfCalls,
  *run(session, turns) {
    const { random } = session;
    const topic = random.chance(0.6) ? "orders" : "billing";
    const chat = conversation(random.chance(0.7) ? models.gpt5Mini : models.gpt4oMini, {
      system: systemPrompt("support", "orders", 16),
      tools: [tools.lookUpOrder, tools.listInvoices],
      streamed: true,
    });
    const wire = wires[chat.model.api];
    for (const [number, calls] of turns.entries()) {
      chat.messages.push(wire.user(number === 0 ? question(random, topic) : reply(random, topic)));
      for (const [index, attempts] of calls.entries()) {
        if (index === calls.length - 1) {
          yield* callModel(session, chat, attempts, null, { text: answer(random, topic, random.int(2, 8)), use: null });
          continue;
        }
        const tool: Tool = random.chance(0.7) ? tools.lookUpOrder : tools.listInvoices;
        const use = { id: wire.newUseId(random), name: tool.name, input: tool.call(random, topic) };
        const text = random.chance(0.3) ? sentence(random, topic) : "";
        if (yield* callModel(session, chat, attempts, null, { text, use })) {
          session.nowMs += Math.ceil(random.logNormal(180, 0.6));
          chat.messages.push(wire.result(use.id, JSON.stringify(tool.result(random, topic))));
        }
      }
      think(session, 38_000);
    }
  },
};
