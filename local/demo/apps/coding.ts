import { callModel } from "../calls.ts";
import { fenced } from "../language/code.ts";
import { answer, paragraph, question, reply, sentence } from "../language/prose.ts";
import { tools, type Tool } from "../language/records.ts";
import { models } from "../models.ts";
import { wordsOf } from "../random.ts";
import { wires } from "../wire.ts";
import { conversation, drawLength, drawTurns, spansOfCalls, systemPrompt, think, type App } from "./app.ts";

/** An assistant in an editor: long conversations full of code, which read files and run tests between two answers. */
export const coding: App = {
  share: 18,
  environments: ["production", "production", "development"],
  clients: ["Anthropic/JS 0.69.0", "Anthropic/Python 0.72.0"],
  tags: wordsOf("editor editor terminal review"),
  plan: (random) => drawTurns(random, drawLength(random, 3.5, 16), () => 1 + drawLength(random, 3, 9)),
  spansOf: spansOfCalls,
  *run(session, turns) {
    const { random } = session;
    const topic = random.chance(0.7) ? "coding" : "databases";
    const chat = conversation(random.chance(0.75) ? models.sonnet : models.haiku, {
      system: systemPrompt("coding", "coding", 34),
      tools: [tools.readFile, tools.runTests],
      streamed: true,
    });
    const wire = wires[chat.model.api];
    for (const [number, calls] of turns.entries()) {
      const asked = number === 0 ? question(random, topic) : reply(random, topic);
      chat.messages.push(wire.user(random.chance(0.4) ? `${asked}\n\n${fenced(random, random.int(4, 22))}` : asked));
      for (const [index, attempts] of calls.entries()) {
        if (index === calls.length - 1) {
          const text = `${paragraph(random, topic, random.int(1, 2))}\n\n${fenced(random, random.int(5, 30))}\n\n${answer(random, topic, random.int(1, 5))}`;
          yield* callModel(session, chat, attempts, null, { text, use: null });
          continue;
        }
        const tool: Tool = random.chance(0.7) ? tools.readFile : tools.runTests;
        const use = { id: wire.newUseId(random), name: tool.name, input: tool.call(random, topic) };
        if (yield* callModel(session, chat, attempts, null, { text: random.chance(0.6) ? sentence(random, topic) : "", use })) {
          session.nowMs += Math.ceil(random.logNormal(tool === tools.readFile ? 25 : 6_000, 0.7));
          const result = tool.result(random, topic);
          chat.messages.push(wire.result(use.id, typeof result === "string" ? result : JSON.stringify(result)));
        }
      }
      think(session, 55_000);
    }
  },
};
