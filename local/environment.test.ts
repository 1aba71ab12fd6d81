import { describe, test } from "vitest";
import { readEnvironment } from "./environment.ts";

const at = { repository: "/repository", workingDirectory: "/somewhere" };

test("an empty environment means the usual port, data in the repository and no server of one's own", ({ expect }) => {
  expect(readEnvironment({}, at)).toEqual({
    firstPort: 8787,
    dataDirectory: "/repository/.evalforge",
    databaseUrl: null,
    redisUrl: null,
    providerVariables: {},
  });
});

test("variables that are set but empty count as not set", ({ expect }) => {
  expect(readEnvironment({ PORT: "", EVALFORGE_DATA_DIR: "", DATABASE_URL: "", REDIS_URL: "", OPENAI_API_KEY: "" }, at)).toEqual(
    readEnvironment({}, at),
  );
});

test("what is set is taken, a relative directory from where the person stands", ({ expect }) => {
  const variables = {
    PORT: "0",
    EVALFORGE_DATA_DIR: "data",
    DATABASE_URL: "postgresql://u:p@db/x",
    REDIS_URL: "rediss://cache:6380",
    OPENAI_API_KEY: "sk-1",
    OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
    HOME: "/root",
  };
  expect(readEnvironment(variables, at)).toEqual({
    firstPort: 0,
    dataDirectory: "/somewhere/data",
    databaseUrl: "postgresql://u:p@db/x",
    redisUrl: "rediss://cache:6380",
    providerVariables: { OPENAI_API_KEY: "sk-1", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" },
  });
});

test("an API key of nobody we know is not handed to the gateway", ({ expect }) => {
  expect(readEnvironment({ SOME_BANK_API_KEY: "secret" }, at).providerVariables).toEqual({});
});

describe("a wrong value is refused by name and value", () => {
  test.for([
    ["PORT", "-1"],
    ["PORT", "65533"],
    ["PORT", "80.5"],
    ["DATABASE_URL", "mysql://db/x"],
    ["REDIS_URL", "http://cache"],
    ["OPENAI_BASE_URL", "ftp://x"],
  ] as const)("%s=%s", ([name, value], { expect }) => {
    expect(() => readEnvironment({ [name]: value }, at)).toThrow(new RegExp(`^${name} must be .*"${value}"\\.$`));
  });
});
