import type { AnswerContext, DialectName } from "../../core/dialects/dialect.ts";
import { dialects } from "../../core/dialects/dialects.ts";
import { DialectStream } from "../../core/dialects/dialect-stream.ts";
import { asRecord, parseJson } from "../../core/gateway/json.ts";
import { translateAnswer } from "../../core/gateway/translate-answer.ts";
import { translateRequest } from "../../core/gateway/translate-request.ts";
import { answerOf, conversationOf, eventsOf } from "./corpus.ts";

export const kinds = ["request", "answer", "stream"] as const;
export type Kind = (typeof kinds)[number];

/** What a translation costs at two sizes. */
export interface TranslationCell {
  readonly kind: Kind;
  readonly from: DialectName;
  readonly to: DialectName;
  /** CPU of all threads, garbage collection included, for a KB of what is translated. */
  readonly microsecondsPerKb: { readonly "1 MB": number; readonly "10 MB": number };
  /** What 10 MB cost by what 1 MB costs: 10 is proportional. */
  readonly tenfold: number;
}

const names = ["chat", "messages", "responses"] as const satisfies readonly DialectName[];
const pairs = names.flatMap((from) => names.flatMap((to) => (from === to ? [] : [{ from, to }])));
const megabyte = 1_000_000;
const context: AnswerContext = { model: "m", createdAtSeconds: 1_700_000_000, id: "0193c5a0", includeUsage: true, request: {} };
const target = { model: "m", provider: "openai" } as const;
const warmUps = 3;
/** Each: ten times 1 MB, then once 10 MB, so that both translate as much and collect garbage as often. */
const rounds = 7;

/** Measures every pair of dialects. `say` gets a line of progress. */
export function runTranslation(say: (text: string) => void): readonly TranslationCell[] {
  return kinds.flatMap((kind) =>
    pairs.map(({ from, to }) => {
      say(`${kind}, ${from} → ${to}`);
      const small = preparations[kind](from, to, megabyte);
      const large = preparations[kind](from, to, 10 * megabyte);
      // The code is compiled, and the heap has grown to what it needs.
      measure(small, 10 * warmUps);
      measure(large, warmUps);
      const measured = Array.from({ length: rounds }, () => ({ small: measure(small, 10), large: measure(large, 1) }));
      const perKb = (work: Work, microseconds: readonly number[]): number => median(microseconds) / (work.bytes / 1_000);
      return {
        kind,
        from,
        to,
        microsecondsPerKb: {
          "1 MB": perKb(
            small,
            measured.map((round) => round.small),
          ),
          "10 MB": perKb(
            large,
            measured.map((round) => round.large),
          ),
        },
        tenfold: median(measured.map((round) => round.large / round.small)),
      };
    }),
  );
}

interface Work {
  readonly bytes: number;
  readonly run: () => void;
}

/** What is measured is what a call in its own dialect does not do: its body is parsed all the same. */
const preparations = {
  request: (from, to, bytes) => {
    const text = JSON.stringify(dialects[from].writeRequest(conversationOf(bytes), target).body);
    const body = asRecord(parseJson(text)) ?? {};
    return {
      bytes: text.length,
      run: () => {
        const translated = translateRequest(body, { from, to, drops: false }, target);
        if (translated.kind === "failure") throw new Error(translated.message);
        JSON.stringify(translated.fields);
      },
    };
  },
  answer: (from, to, bytes) => {
    const body = dialects[from].writeAnswer(answerOf(bytes), context);
    return {
      bytes: JSON.stringify(body).length,
      run: () => {
        const translated = translateAnswer(to, from, body, () => context);
        if ("code" in translated) throw new Error(translated.message);
        JSON.stringify(translated.fields);
      },
    };
  },
  stream: (from, to, bytes) => {
    const writer = dialects[from].openWriter(context);
    const runs = eventsOf(bytes).map((event) => writer.write(event));
    const text = [...runs, writer.endText()];
    return {
      bytes: text.reduce((sum, run) => sum + run.length, 0),
      run: () => {
        const stream = new DialectStream({ reader: dialects[from].openReader(), dialect: dialects[to], isUntouched: false, context });
        const ends = text.map((run) => stream.read(run).end);
        if (ends.at(-1) !== "done") throw new Error("the stream did not end whole");
        JSON.stringify(stream.output());
      },
    };
  },
} as const satisfies Record<Kind, (from: DialectName, to: DialectName, bytes: number) => Work>;

/** CPU of one of so many runs, in microseconds. */
function measure({ run }: Work, times: number): number {
  const before = process.cpuUsage();
  for (let count = 0; count < times; count += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
