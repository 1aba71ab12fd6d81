import { paragraph } from "../language/prose.ts";
import { wordsOf } from "../random.ts";
import { embed } from "../steps.ts";
import { drawTopic, type App } from "./app.ts";

/** A job that keeps the index of the documents up to date. */
export const indexer: App = {
  share: 3,
  environments: ["production"],
  clients: ["evalforge-python/0.4.2"],
  tags: wordsOf("wiki handbook contracts"),
  plan: (random) => Array.from({ length: random.int(1, 8) }, () => [1]),
  spansOf: () => 1,
  *run(session, turns) {
    const { random } = session;
    const topic = drawTopic(random);
    for (const _ of turns) {
      yield embed(
        session,
        null,
        Array.from({ length: random.int(1, 3) }, () => paragraph(random, topic, random.int(3, 6))),
      );
      session.nowMs += random.int(2, 60);
    }
  },
};
