import { describe, test } from "vitest";
import { failure } from "../contracts/error.ts";
import { costSchema } from "../contracts/cost.ts";
import { usageBuckets, usageSchema } from "../contracts/usage.ts";
import { noAnswer } from "../dialects/answer-facts.ts";
import { usedBy, type AttemptEnd } from "./attempt-use.ts";

const nothing = Object.fromEntries(usageBuckets.map((bucket) => [bucket, 0]));
const usage = usageSchema.parse({ ...nothing, inputTokens: 10, outputTokens: 1 });
const cost = costSchema.parse({ source: "price-book", priceVersion: "1", buckets: nothing, totalNanoUsd: 70 });
const whole: AttemptEnd = {
  failure: null,
  upstreamStatus: 200,
  facts: { ...noAnswer, usage, finishReason: { unified: "stop", raw: "end_turn" } },
  cost,
};
const nobodyKnows = { nanoUsd: null, tokens: null };

describe("usedBy", () => {
  test("a whole answer used what its provider says, also where its client has gone", ({ expect }) => {
    expect(usedBy(whole)).toEqual({ nanoUsd: 70, tokens: 11 });
    expect(usedBy({ ...whole, failure: failure("client_closed") })).toEqual({ nanoUsd: 70, tokens: 11 });
    expect(usedBy({ ...whole, cost: null })).toEqual({ nanoUsd: null, tokens: 11 });
  });

  test.for(["client_closed", "upstream_timeout", "upstream_cut"] as const)(
    "of an answer that ended unfinished nobody knows, whatever was said of it until then: %s",
    (code, { expect }) => {
      expect(usedBy({ ...whole, failure: failure(code), facts: { ...noAnswer, usage } })).toEqual(nobodyKnows);
    },
  );

  test.for([400, 401, 404, 413, 429, 503, 521, 522, 523, 525, 526, 529])("a refusal used nothing: %i", (upstreamStatus, { expect }) => {
    expect(usedBy({ failure: failure("upstream_error"), upstreamStatus, facts: noAnswer, cost: null })).toEqual({ nanoUsd: 0, tokens: 0 });
  });

  test.for([null, 200, 408, 500, 502, 504, 520, 524])(
    "a provider or a proxy that failed may bill what it did: %s",
    (upstreamStatus, { expect }) => {
      expect(usedBy({ failure: failure("upstream_error"), upstreamStatus, facts: noAnswer, cost: null })).toEqual(nobodyKnows);
    },
  );
});
