import { describe, test } from "vitest";
import { readEnvironment } from "./environment.ts";

const at = { repository: "/repository", workingDirectory: "/somewhere" };

test("an empty environment means the usual port, data in the repository and no server of one's own", ({ expect }) => {
  expect(readEnvironment({}, at)).toEqual({
    firstPort: 8787,
    dataDirectory: "/repository/.evalforge",
    databaseUrl: null,
    redisUrl: null,
    demoSpans: 0,
    providerVariables: {},
    ignored: [],
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
    demoSpans: 0,
    providerVariables: { OPENAI_API_KEY: "sk-1", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" },
    ignored: [],
  });
});

test("under npm a relative directory is one from where npm was called", ({ expect }) => {
  const variables = { EVALFORGE_DATA_DIR: "data", INIT_CWD: "/home/ada" };
  expect(readEnvironment(variables, { ...at, workingDirectory: at.repository }).dataDirectory).toBe("/home/ada/data");
});

test("a base URL makes a provider of any name, with its key", ({ expect }) => {
  const variables = { ACME_BASE_URL: "https://acme.example/v1", ACME_API_KEY: "sk-2" };
  expect(readEnvironment(variables, at).providerVariables).toEqual(variables);
});

test("what other programs mean by such a name is left alone, and named", ({ expect }) => {
  const variables = {
    VITE_BASE_URL: "/app/",
    APP_BASE_URL: "localhost:3000",
    APP_API_KEY: "secret",
    DOCS_BASE_URL: "https://u:p@docs",
    _BASE_URL: "http://x",
  };
  expect(readEnvironment(variables, at)).toMatchObject({
    providerVariables: {},
    ignored: ["VITE_BASE_URL", "APP_BASE_URL", "DOCS_BASE_URL"],
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
    ["DATABASE_URL", "postgres://localhost/db"],
    ["DATABASE_URL", "postgres://ada@localhost"],
    ["REDIS_URL", "http://cache"],
    ["OPENAI_BASE_URL", "ftp://x"],
  ] as const)("%s=%s", ([name, value], { expect }) => {
    expect(() => readEnvironment({ [name]: value }, at)).toThrow(new RegExp(`^${name} must be .*"${value}"\\.$`));
  });

  test("but for the secrets in it", ({ expect }) => {
    const reading = (variables: Record<string, string>) => () => readEnvironment(variables, at);
    expect(reading({ DATABASE_URL: "mysql://u:hidden@db/x" })).toThrow(/and is "mysql:\/\/u:…@db\/x"\.$/);
    expect(reading({ OPENAI_BASE_URL: "https://h/v1?key=hidden" })).toThrow(/without query and fragment, and is "https:\/\/h\/v1\?…"\.$/);
  });
});

test("`--demo` asks for a month of traffic, of as many spans as the variable says; another argument is refused by name", ({ expect }) => {
  const spansOf = (variables: Record<string, string>) => readEnvironment(variables, { ...at, arguments: ["--demo"] }).demoSpans;
  expect([spansOf({}), spansOf({ EVALFORGE_DEMO_SPANS: "500" }), readEnvironment({}, { ...at, arguments: [] }).demoSpans]).toEqual([
    30_000, 500, 0,
  ]);
  expect(() => readEnvironment({}, { ...at, arguments: ["--dmeo"] })).toThrow("--dmeo is not known here");
  expect(() => spansOf({ EVALFORGE_DEMO_SPANS: "0" })).toThrow("EVALFORGE_DEMO_SPANS must be how many spans");
});
