import { scoreSchema, type Score } from "../contracts/score.ts";

/** A whole score of a trace; `changes` are laid over it, and the result is parsed. */
export function scoreFixture(changes: Readonly<Record<string, unknown>> = {}): Score {
  return scoreSchema.parse({
    record: "score",
    schemaVersion: 2,
    organizationId: "0193c5a0-0000-7000-8000-000000000001",
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    scoreId: "0193c5a0-0000-8000-8000-000000000003",
    traceId: "a".repeat(32),
    spanId: null,
    sessionId: "",
    name: "helpful",
    type: "number",
    value: 0.5,
    label: "",
    comment: "",
    source: "human",
    evaluatorId: "",
    evaluatorVersion: "",
    metadata: {},
    atMs: 1_795_000_000_000.25,
    homeRegion: "us-east",
    servingRegion: "us-west",
    ingestProtocol: "events",
    keyId: null,
    client: "",
    ...changes,
  });
}
