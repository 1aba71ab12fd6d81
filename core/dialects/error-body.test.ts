import { describe, test } from "vitest";
import { failure } from "../contracts/error.ts";
import { errorBody, errorEvent, providerErrorBody } from "./error-body.ts";

const cut = failure("upstream_cut");

describe("an error", () => {
  test("has the shape of the API that was called", ({ expect }) => {
    const openai = { error: { message: cut.message, type: "upstream_error", param: null, code: "upstream_cut" } };
    expect([errorBody("chat", cut), errorBody("responses", cut)]).toEqual([openai, openai]);
    expect(errorBody("messages", cut)).toEqual({ type: "error", error: { type: "api_error", message: cut.message } });
  });

  test("ends a stream in the event that the API's clients throw at", ({ expect }) => {
    expect(errorEvent("chat", cut)).toMatch(/^data: \{"error":.*\n\n$/);
    expect(errorEvent("messages", cut)).toMatch(/^event: error\ndata: \{"type":"error","error":.*\n\n$/);
    expect(errorEvent("responses", cut)).toMatch(/^event: error\ndata: \{"type":"error","code":"upstream_cut".*\n\n$/);
  });

  test.for([
    [429, "rate_limit_error", "rate_limit_error"],
    [529, "server_error", "overloaded_error"],
    [404, "not_found_error", "not_found_error"],
    [418, "server_error", "api_error"],
  ] as const)("of a provider with status %i is told with the type that it has in each API", ([status, openai, anthropic], { expect }) => {
    const fault = failure("upstream_error", "slow down");
    expect(providerErrorBody("responses", fault, status)).toEqual({
      error: { message: "slow down", type: openai, param: null, code: "upstream_error" },
    });
    expect(providerErrorBody("messages", fault, status)).toEqual({ type: "error", error: { type: anthropic, message: "slow down" } });
  });
});
