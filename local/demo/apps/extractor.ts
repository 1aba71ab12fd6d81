import { callModel } from "../calls.ts";
import { amount, fullName, paragraph, reference, thing } from "../language/prose.ts";
import { coinCompany } from "../language/words.ts";
import { models } from "../models.ts";
import { wordsOf } from "../random.ts";
import { wires } from "../wire.ts";
import { conversation, drawTopic, drawTurns, spansOfCalls, systemPrompt, type App } from "./app.ts";

/** A job that turns mails into records, a few at a time and with nobody waiting. */
export const extractor: App = {
  share: 11,
  environments: ["production"],
  clients: ["python-requests/2.32.5"],
  tags: wordsOf("inbox inbox invoices"),
  plan: (random) => drawTurns(random, random.int(1, 6), () => 1),
  spansOf: spansOfCalls,
  *run(session, turns) {
    const { random } = session;
    for (const [attempts = 1] of turns) {
      const topic = drawTopic(random);
      const chat = conversation(models.geminiFlash, { system: systemPrompt("extractor", "billing", 7), streamed: false });
      const [sender, company, number, total] = [fullName(random), coinCompany(random), reference(random), amount(random)];
      const mail = `From: ${sender}\nCompany: ${company}\nSubject: ${thing(random, topic)} ${number}\n\n${paragraph(random, topic, random.int(3, 10))}\n\nTotal ${total}\n\nKind regards,\n${sender}`;
      chat.messages.push(wires[chat.model.api].user(mail));
      const record = {
        sender,
        company,
        reference: number,
        total,
        intent: random.pick(wordsOf("complaint question order cancellation praise spam")),
        urgency: random.int(1, 5),
        summary: paragraph(random, topic, 1),
      };
      yield* callModel(session, chat, attempts, null, { text: JSON.stringify(record), use: null });
      session.nowMs += random.int(5, 400);
    }
  },
};
