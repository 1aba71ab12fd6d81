import fc from "fast-check";
import { describe, test } from "vitest";
import { failure } from "../../contracts/error.ts";
import type { Answer } from "../answer.ts";
import { answer as whole, response } from "./answers.fixture.ts";
import { arbitraryAnswers } from "./arbitraries.fixture.ts";
import { responsesFixtures } from "./responses.fixture.ts";
import { responses } from "./responses.ts";

const context = { model: "gpt-5-2025-08-07", createdAtSeconds: 1_760_000_000, id: "a1", includeUsage: true, request: {} };
const write = (answer: Answer) => {
  const written: Record<string, unknown> = JSON.parse(JSON.stringify(responses.writeAnswer(answer, { ...context, model: answer.model })));
  return written;
};

describe("readAnswer", () => {
  test.for(Object.entries(responsesFixtures.answers))("reads %s", ([, { body, answer }], { expect }) => {
    expect(responses.readAnswer(body)).toEqual(answer);
  });

  test("a response that failed is the provider's error, in its words", ({ expect }) => {
    const error = { code: "server_error", message: "The model failed." };
    expect(responses.readAnswer({ ...response, status: "failed", error })).toEqual(failure("upstream_error", "The model failed."));
    expect(responses.readAnswer({ ...response, status: "failed" })).toEqual(failure("upstream_error"));
    expect(responses.readAnswer({ error: { message: "Busy." } })).toEqual(failure("upstream_error", "Busy."));
  });

  test.for([
    ["no output", { ...response, output: undefined }],
    ["an item that is none", { ...response, output: [5] }],
    ["a message without content", { ...response, output: [{ type: "message" }] }],
    ["a call without a name", { ...response, output: [{ type: "function_call", call_id: "c", arguments: "{}" }] }],
    ["a call whose arguments are no text", { ...response, output: [{ type: "function_call", call_id: "c", name: "n", arguments: {} }] }],
  ] as const)("what cannot be read is refused: %s", ([, body], { expect }) => {
    expect(responses.readAnswer(body)).toMatchObject({ kind: "failure", code: "upstream_invalid_response" });
  });

  test("a call that has only an item's id is known by that", ({ expect }) => {
    const output = [{ type: "function_call", id: "fc_1", name: "n" }];
    expect(responses.readAnswer({ ...response, output })).toMatchObject({ blocks: [{ kind: "tool-call", id: "fc_1", arguments: "{}" }] });
  });

  test("whatever a provider sends, reading it gives an answer or a failure", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.anything()), fc.anything(), (output, other) => {
        const answer = responses.readAnswer({ output, status: other, usage: other, incomplete_details: other });
        expect("kind" in answer || Array.isArray(answer.blocks)).toBe(true);
      }),
    );
  });
});

describe("writeAnswer", () => {
  test.for(Object.entries(responsesFixtures.answers))("writes %s so that it is read as the same", ([, { answer }], { expect }) => {
    expect(responses.readAnswer(write(answer))).toEqual(answer);
  });

  test("every answer is read as the same", ({ expect }) => {
    fc.assert(
      fc.property(arbitraryAnswers, (answer) => {
        expect(responses.readAnswer(write(answer))).toEqual(answer);
      }),
      { numRuns: 300 },
    );
  });

  test("a whole response object, with what the caller said", ({ expect }) => {
    const request = {
      model: "x",
      input: "Hi",
      instructions: "Be brief.",
      temperature: 0,
      metadata: { run: "7" },
      tool_choice: null,
      store: true,
    };
    const blocks = [
      { kind: "text", text: "Hi.", logprobs: [] },
      { kind: "tool-call", id: "call_1", name: "n", arguments: "{}" },
    ] as const;
    const answer = { ...whole, id: "msg_1", blocks, stop: { unified: "tool_calls", raw: "tool_use", sequence: null } } as const;
    expect(responses.writeAnswer(answer, { ...context, request })).toEqual({
      id: "resp_a1",
      object: "response",
      created_at: 1_760_000_000,
      status: "completed",
      access_programs: null,
      background: false,
      error: null,
      incomplete_details: null,
      model: "gpt-5-2025-08-07",
      output: [
        {
          id: "msg_a1_0",
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", text: "Hi.", annotations: [], logprobs: [] }],
        },
        { id: "fc_a1_1", type: "function_call", status: "completed", call_id: "call_1", name: "n", arguments: "{}" },
      ],
      service_tier: "default",
      store: false,
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 0 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 40 },
        total_tokens: 150,
      },
      instructions: "Be brief.",
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: { run: "7" },
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      temperature: 0,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: null,
      truncation: "disabled",
      user: null,
    });
  });

  const refused = [{ kind: "refusal", text: "No." }] as const;
  test.for([
    [{ unified: "stop", raw: "end_turn" }, [], "completed", null],
    [{ unified: "stop", raw: "stop_sequence" }, [], "completed", null],
    [{ unified: "tool_calls", raw: "tool_use" }, [], "completed", null],
    [{ unified: "length", raw: "max_tokens" }, [], "incomplete", "max_output_tokens"],
    [{ unified: "content_filter", raw: "refusal" }, [], "incomplete", "content_filter"],
    [{ unified: "content_filter", raw: "refusal" }, refused, "completed", null],
    [{ unified: "content_filter", raw: "content_filter" }, refused, "incomplete", "content_filter"],
    [{ unified: "other", raw: "pause_turn" }, [], "completed", null],
    [{ unified: "other", raw: "steered" }, [], "incomplete", "steered"],
  ] as const)("%j is told by status and reason", ([stop, blocks, status, reason], { expect }) => {
    expect(write({ ...whole, blocks, stop: { ...stop, sequence: null } })).toMatchObject({
      status,
      incomplete_details: reason === null ? null : { reason },
    });
  });
});

describe("readUsage", () => {
  test.for(Object.entries(responsesFixtures.usages))("fills exclusive buckets: %s", ([, { block, usage }], { expect }) => {
    expect(responses.readUsage(block)).toEqual(usage);
  });

  test("what is not a usage block has no usage, rather than none", ({ expect }) => {
    for (const block of [undefined, null, {}, { input_tokens: -1 }, { input_tokens: "9" }, { output_tokens: 1 }]) {
      expect(responses.readUsage(block)).toBeNull();
    }
    expect(responses.readUsage({ input_tokens: 0 })).not.toBeNull();
  });

  test("the buckets add up to the totals, and so does what is written of them", ({ expect }) => {
    const tokens = fc.nat(10_000);
    fc.assert(
      fc.property(tokens, tokens, tokens, tokens, tokens, (input, output, cached, written, reasoning) => {
        const usage = responses.readUsage({
          input_tokens: input,
          output_tokens: output,
          input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
          output_tokens_details: { reasoning_tokens: reasoning },
        });
        expect(Object.values(usage ?? {}).reduce((sum, bucket) => sum + bucket, 0)).toBe(input + output);
        expect(write({ ...whole, usage })["usage"]).toMatchObject({
          input_tokens: input,
          output_tokens: output,
          total_tokens: input + output,
        });
      }),
    );
  });
});
