import { test } from "vitest";
import { traceSummarySchema } from "#core/contracts/api/traces.ts";
import { toCsv } from "./export.ts";

test("texts of strangers are one cell each, and no spreadsheet runs them", ({ expect }) => {
  const trace = traceSummarySchema.parse({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    name: 'a "b", c\nd',
    kind: "generation",
    startedAtMs: 1,
    endedAtMs: 2,
    status: "ok",
    errorCode: "",
    spanCount: 1,
    provider: "openai",
    modelRequested: "gpt-4o",
    modelServed: "gpt-4o",
    simulated: false,
    streamed: true,
    inputTokens: null,
    outputTokens: 1,
    costNanoUsd: "-5",
    costIncomplete: false,
    ttftMs: null,
    userId: "=1+1",
    sessionId: "",
    servingRegion: "us-east",
    inputPreview: "@SUM(A1)",
    outputPreview: "",
  });
  expect(toCsv([trace]).split("\r\n")[1]).toBe(
    `0af7651916cd43dd8448eb211c80319c,1,2,"a ""b"", c\nd",generation,ok,,openai,gpt-4o,gpt-4o,1,,1,'-5,false,,'=1+1,,us-east,false,true,'@SUM(A1),`,
  );
});
