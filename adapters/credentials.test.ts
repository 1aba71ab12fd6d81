import { describe, test } from "vitest";
import { keySnapshotSchema } from "#core/contracts/key-snapshot.ts";
import { resolveAccess } from "./credentials.ts";
import { seal } from "./encryption.ts";
import { readVariable } from "./variables.ts";

const credentialsKey = Buffer.alloc(32, 7).toString("base64");
const organizationId = "0193c5a0-0000-7000-8000-000000000001";
const snapshotOf = (credentials: object) =>
  keySnapshotSchema.parse({
    keyId: "0".repeat(16),
    secretHash: "",
    organizationId,
    projectId: "0193c5a0-0000-7000-8000-000000000002",
    homeRegion: "us-east",
    record: "normal",
    revoked: false,
    credentials,
    priceOverrides: {},
  });

describe("resolveAccess", () => {
  const env = { CREDENTIALS_KEY: credentialsKey, ACME_BASE_URL: "https://acme.example/v1/", OPENAI_API_KEY: "sk-deployment" };

  test("the organisation's own credential comes before the deployment's", async ({ expect }) => {
    const sealedApiKey = await seal("sk-own", credentialsKey, `${organizationId}/openai`);
    const snapshot = snapshotOf({ openai: { baseUrl: null, sealedApiKey } });
    const access = { kind: "access", baseUrl: "https://api.openai.com/v1", simulated: false };
    expect(await resolveAccess(env, snapshot, "openai")).toEqual({ ...access, apiKey: "sk-own" });
    expect(await resolveAccess(env, snapshotOf({}), "openai")).toEqual({ ...access, apiKey: "sk-deployment" });
  });

  test("a base URL of the deployment makes a provider of any name", async ({ expect }) => {
    const access = { kind: "access", baseUrl: "https://acme.example/v1", apiKey: null, simulated: false };
    expect(await resolveAccess(env, snapshotOf({}), "acme")).toEqual(access);
  });

  test("a provider called as something that objects inherit has no credential by it", async ({ expect }) => {
    const named = { ...env, CONSTRUCTOR_BASE_URL: "https://named.example" };
    const access = { kind: "access", baseUrl: "https://named.example", apiKey: null, simulated: false };
    expect(await resolveAccess(named, snapshotOf({}), "constructor")).toEqual(access);
  });
});

describe("readVariable", () => {
  test("only what the environment itself holds is a variable", ({ expect }) => {
    const env: object = Object.create({ INHERITED: "x" }, { OWN: { value: "y" }, EMPTY: { value: "" } });
    expect(["OWN", "INHERITED", "EMPTY", "MISSING"].map((name) => readVariable(env, name))).toEqual(["y", null, null, null]);
  });
});
