import { attempt, type Answered, type Unavailable } from "#adapters/unavailable.ts";
import { failure, type Failure } from "#core/contracts/error.ts";
import type { Handling } from "#core/contracts/api/dead-letters.ts";
import { parseDeadLetterKey, type DeadLetterKey } from "#core/ingest/dead-letter-key.ts";
import {
  discardDeadLetter as discard,
  readDeadLetter,
  replayDeadLetter as replay,
  type FoundDeadLetter,
} from "#queues/handle-dead-letter.ts";
import { listDeadLetters as list } from "#queues/list-dead-letters.ts";
import type { AppEnvironment } from "../environment.ts";
import type { Handler } from "./handler.ts";

export const listDeadLetters: Handler<"listDeadLetters"> = async (env, { params: { region }, query: { day, limit, cursor } }) => {
  const prefix = `dead/${region}/${day === undefined ? "" : `${day}/`}`;
  if (cursor !== undefined && parseDeadLetterKey(prefix + cursor.replace(/\.handled$/, "")) === null)
    return failure("invalid_field", "`cursor` must be the `nextCursor` of an earlier page.", "cursor");
  return await attempt("r2", async () => {
    const { deadLetters, nextCursor } = await list(env, region, { day: day ?? null, limit, cursor: cursor ?? null });
    return { deadLetters: [...deadLetters], nextCursor };
  });
};

export const getDeadLetter: Handler<"getDeadLetter"> = async (env, { params }) => {
  const found = await find(env, params);
  return found.kind === "answered" ? { kind: "answered", value: { ...found.value.letter, handling: found.value.handling } } : found;
};

export const replayDeadLetter: Handler<"replayDeadLetter"> = async (env, { params }) => {
  const found = await find(env, params);
  if (found.kind !== "answered") return found;
  const replayed = await attempt("r2", async () => await replay(env, params, found.value, Date.now()));
  if (replayed.kind === "unavailable") return replayed;
  const outcome = replayed.value;
  switch (outcome.kind) {
    case "replayed":
      return { kind: "answered", value: { handling: outcome.handling, stillDead: outcome.stillDead } };
    case "otherwise":
      return handledOtherwise(outcome.handling);
    case "refused":
      return failure("conflict", `This dead letter cannot be replayed: ${outcome.reason}.`);
    case "later":
      return failure("dependency_unavailable", "A store that this needs cannot be reached, or refuses for now. Replay it again later.");
  }
};

export const discardDeadLetter: Handler<"discardDeadLetter"> = async (env, { params, body: { reason } }) => {
  const found = await find(env, params);
  if (found.kind !== "answered") return found;
  const discarded = await attempt("r2", async () => await discard(env, params, reason, Date.now()));
  if (discarded.kind === "unavailable") return discarded;
  const { kind, handling } = discarded.value;
  return kind === "handled" ? { kind: "answered", value: { handling } } : handledOtherwise(handling);
};

async function find(env: AppEnvironment, key: DeadLetterKey): Promise<Answered<FoundDeadLetter> | Failure | Unavailable> {
  const read = await attempt("r2", async () => await readDeadLetter(env, key));
  if (read.kind === "unavailable") return read;
  return read.value === null ? failure("not_found", "There is no such dead letter.", "name") : { kind: "answered", value: read.value };
}

function handledOtherwise({ outcome, atMs }: Handling): Failure {
  return failure("conflict", `This dead letter was ${outcome} at ${new Date(atMs).toISOString()}.`);
}
