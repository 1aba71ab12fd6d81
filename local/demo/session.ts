import type { KeyId, OrganizationId, ProjectId, SpanId, TraceId } from "#core/contracts/id.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import type { Region } from "#core/contracts/region.ts";
import type { Span } from "#core/contracts/span.ts";
import { callIds } from "#core/gateway/request-id.ts";
import type { Anomalies } from "./anomalies.ts";
import { Random, wordsOf, type Bank } from "./random.ts";

/** Whose traffic it is. */
export interface DemoProject {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly homeRegion: Region;
}

/** Somebody who uses the project's applications; the same for the same seed and rank. */
export interface User {
  readonly userId: string;
  readonly servingRegion: Region;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

const locales = wordsOf("en-US en-GB de-DE fr-FR es-ES en-US en-GB pt-BR ja-JP it-IT nl-NL pl-PL sv-SE ko-KR");
const plans: Bank<string> = ["free", "free", "free", "pro", "pro", "team", "enterprise"];

/** The user of a rank: 1 comes most often. */
export function userOf(seed: string, rank: number): User {
  const random = new Random(`${seed}/user/${rank}`);
  const locale = random.pick(locales);
  const plan = random.pick(plans);
  return {
    userId: `user_${random.hex(12)}`,
    servingRegion: /US|BR/.test(locale) ? random.pick(["us-east", "us-east", "us-west"]) : random.pick(regionsElsewhere),
    metadata: { locale, plan, seats: plan === "free" ? 1 : Math.ceil(random.logNormal(12, 1)), internal: random.chance(0.02) },
  };
}
const regionsElsewhere: Bank<Region> = ["eu-west", "eu-west", "eu-west", "us-west"];

/** One session of a user with an application, as far as it has come. */
export interface Session {
  readonly random: Random;
  readonly project: DemoProject;
  readonly user: User;
  readonly sessionId: string;
  readonly app: string;
  readonly keyId: KeyId;
  readonly environment: string;
  readonly release: string;
  readonly tags: readonly string[];
  readonly client: string;
  readonly anomalies: Anomalies;
  /** Where its clock stands. */
  nowMs: number;
}

/** The key of an application: its first half is the same in every project. */
export function keyOf(seed: string, app: string): KeyId {
  return keyIdSchema.parse(new Random(`${seed}/key/${app}`).hex(16));
}

/** Ids as the gateway makes them: a UUIDv7 of the moment, whose second half is the span's. */
export function newIds(random: Random, atMs: number): { readonly traceId: TraceId; readonly spanId: SpanId } {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  return callIds(
    `${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-${random.pick(["8", "9", "a", "b"])}${random.hex(3)}-${random.hex(12)}`,
  );
}

const nothing = { kind: "omitted", reason: "none" } as const;

/** What all spans of a session have, and of the rest what a span of no model has. */
export function baseSpan(
  session: Session,
): Omit<Span, "traceId" | "spanId" | "parentSpanId" | "kind" | "name" | "startedAtMs" | "endedAtMs"> {
  const { project, user } = session;
  return {
    schemaVersion: 1,
    ...project,
    status: "ok",
    error: null,
    servingRegion: user.servingRegion,
    environment: session.environment,
    release: session.release,
    userId: user.userId,
    sessionId: session.sessionId,
    tags: [...session.tags],
    metadata: { ...user.metadata, app: session.app },
    provider: "",
    modelRequested: "",
    modelServed: "",
    simulated: false,
    streamed: false,
    parameters: {},
    finishReason: null,
    toolNames: [],
    usage: null,
    usageRaw: "",
    cost: null,
    ttftMs: null,
    upstreamMs: 0,
    overheadMs: 0,
    httpStatus: 0,
    input: nothing,
    output: nothing,
    upstreamRequest: null,
    holdIds: [],
    promptId: "",
    promptVersion: "",
    promptLabel: "",
    experimentId: "",
    experimentArm: "",
    datasetItemId: "",
    ingestProtocol: "events",
    api: "",
    keyId: session.keyId,
    client: session.client,
  };
}
