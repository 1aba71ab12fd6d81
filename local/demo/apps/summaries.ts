import { callModel } from "../calls.ts";
import { answer, fullName, paragraph } from "../language/prose.ts";
import { models } from "../models.ts";
import { wordsOf } from "../random.ts";
import { wires } from "../wire.ts";
import { conversation, drawTopic, drawTurn, spansOfCalls, systemPrompt, type App } from "./app.ts";

/** Notes of meetings: a long transcript in, a short text out. */
export const summaries: App = {
  share: 2,
  environments: ["production"],
  clients: ["node"],
  tags: wordsOf("meeting meeting call interview"),
  plan: (random) => [drawTurn(random, 1)],
  spansOf: spansOfCalls,
  *run(session, [[attempts = 1] = []]) {
    const { random } = session;
    const topic = drawTopic(random);
    const speakers = [fullName(random), fullName(random), fullName(random)] as const;
    const transcript = Array.from(
      { length: random.int(25, 110) },
      () => `${random.pick(speakers)}: ${paragraph(random, topic, random.int(1, 3))}`,
    );
    const chat = conversation(models.mistralSmall, { system: systemPrompt("summaries", "people", 6), streamed: false });
    chat.messages.push(wires[chat.model.api].user(transcript.join("\n")));
    yield* callModel(session, chat, attempts, null, { text: answer(random, topic, random.int(5, 11)), use: null });
  },
};
