import type { Span } from "#core/contracts/span.ts";
import { anomaliesBetween } from "./anomalies.ts";
import type { App, Turn } from "./apps/app.ts";
import { appNames, apps } from "./apps/apps.ts";
import { runawayTurn } from "./apps/research.ts";
import { Random, type Bank } from "./random.ts";
import { rhythm } from "./rhythm.ts";
import { keyOf, userOf, type DemoProject, type Session } from "./session.ts";
import { SpanMerge } from "./span-merge.ts";

export interface TrafficOptions {
  /** The same seed gives the same spans. */
  readonly seed: string;
  readonly project: DemoProject;
  /** Epoch milliseconds: the first session begins here, and nothing ends after `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many spans the sessions between the two have; those that would end after `toMs` are left out. */
  readonly count: number;
}

/** Spans for each user that there is, on average: the first ones come far more often than the last. */
const spansPerUser = 60;
const usersMin = 25;

interface PlannedSession {
  readonly startMs: number;
  readonly spans: () => Generator<Span, void>;
}

/**
 * What the applications of a company do with models between two moments, as spans in the order in which they end:
 * support chat, coding, questions to documents, agents, and jobs that nobody waits for; more by day than by night, more
 * on working days, with the anomalies of `anomaliesBetween`.
 */
export function* traffic(options: TrafficOptions): Generator<Span, void> {
  const merge = new SpanMerge();
  const sessions = planSessions(options);
  for (let next = sessions.next(); ;) {
    while (next.done !== true && next.value.startMs <= merge.firstEndMs) {
      merge.add(next.value.spans());
      next = sessions.next();
    }
    const span = merge.take();
    if (span === null || span.endedAtMs > options.toMs) return;
    yield span;
  }
}

/** Sessions in the order in which they begin, until together they have as many spans as were asked for. */
function* planSessions({ seed, project, fromMs, toMs, count }: TrafficOptions): Generator<PlannedSession, void> {
  const momentOf = rhythm(fromMs, toMs);
  const anomalies = anomaliesBetween(fromMs, toMs);
  const weighted = weightedApps(seed);
  const users = Math.max(usersMin, Math.round(count / spansPerUser));
  let planned = 0;
  let hasRunaway = false;
  for (let number = 0; planned < count; number += 1) {
    const random = new Random(`${seed}/session/${number}`);
    const startMs = Math.floor(momentOf(planned / count));
    const isRunaway: boolean = !hasRunaway && startMs >= anomalies.runawayFromMs;
    hasRunaway ||= isRunaway;
    const name = isRunaway ? "research" : random.pickWeighted(weighted).name;
    const app: App = apps[name];
    const turns: readonly Turn[] = isRunaway ? [runawayTurn(random)] : app.plan(random);
    planned += turns.reduce((sum, turn) => sum + app.spansOf(turn), 0);
    // Zipf: the user of rank r comes about 1 / r as often as the first.
    const user = userOf(seed, Math.ceil(users ** random.unit()));
    const session: Session = {
      random,
      project,
      user,
      sessionId: `sess_${random.hex(16)}`,
      app: name,
      keyId: keyOf(seed, name),
      environment: random.pick(app.environments),
      release: releaseAt((startMs - fromMs) / (toMs - fromMs)),
      tags: [name, random.pick(app.tags)],
      client: random.pick(app.clients),
      anomalies,
      nowMs: startMs,
    };
    yield { startMs, spans: () => app.run(session, turns) };
  }
}

/** Sessions are long and short, so apps are drawn by their share of the spans through the length of their sessions. */
function weightedApps(seed: string): Bank<{ readonly name: keyof typeof apps; readonly weight: number }> {
  const sampled = 400;
  const weightOf = (name: keyof typeof apps): { name: keyof typeof apps; weight: number } => {
    const app: App = apps[name];
    const random = new Random(`${seed}/lengths/${name}`);
    let spans = 0;
    for (let session = 0; session < sampled; session += 1) for (const turn of app.plan(random)) spans += app.spansOf(turn);
    return { name, weight: (app.share * sampled) / spans };
  };
  const [first, ...others] = appNames;
  return [weightOf(first), ...others.map(weightOf)];
}

const releases = 9;

function releaseAt(part: number): string {
  return `2026.${Math.floor(part * releases) + 1}.0`;
}
