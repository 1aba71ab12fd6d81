import { describe, test } from "vitest";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { bareModels } from "#core/providers/models.ts";
import { reachableModel, reachableModels } from "./list-models.ts";

const snapshot = keySnapshotSchema.parse({
  keyId: "0".repeat(16),
  secretHash: "",
  organizationId: "0193c5a0-0000-7000-8000-000000000001",
  projectId: "0193c5a0-0000-7000-8000-000000000002",
  homeRegion: "us-east",
  record: "normal",
  revoked: false,
  credentials: {},
  priceOverrides: {},
});
const env = {
  CREDENTIALS_KEY: "",
  OPENAI_API_KEY: "sk-1",
  XAI_BASE_URL: "https://xai.example/v1",
  HOUSE_BASE_URL: "https://house.example",
};

test("models are listed for the providers that this key can reach, and for no others", async ({ expect }) => {
  const listed = await reachableModels(env, snapshot);
  expect(listed[0]).toEqual({ id: bareModels.openai[0], provider: "openai" });
  expect(listed.map(({ id }) => id)).toEqual([...bareModels.openai, ...bareModels.xai]);
  expect(await reachableModels({ CREDENTIALS_KEY: "" }, snapshot)).toEqual([]);
});

describe("one model", () => {
  test.for([
    ["gpt-4o-mini", "gpt-4o-mini", "openai"],
    ["openai/gpt-4o", "openai/gpt-4o", "openai"],
    ["openai%2Fgpt-4o", "openai/gpt-4o", "openai"],
    ["house/meta%2Fllama", "house/meta/llama", "house"],
  ] as const)("%s is one that a call may name", async ([encoded, id, owner], { expect }) => {
    expect(await reachableModel(env, snapshot, encoded)).toEqual({ id, provider: owner });
  });

  test.for([
    ["%", "invalid_field"],
    ["gpt-4o%ZZ", "invalid_field"],
    ["gpt-4o-mni", "unknown_model"],
    ["nobody/gpt-4o", "unknown_provider"],
    ["deepseek-chat", "missing_credential"],
  ] as const)("%s is refused as a call with it would be: %s", async ([encoded, code], { expect }) => {
    expect(await reachableModel(env, snapshot, encoded)).toMatchObject({ kind: "failure", code });
  });
});
