import { describe, test } from "vitest";
import { baseUrlSchema, putCredential } from "./providers.ts";

describe("baseUrlSchema", () => {
  test.for(["https://api.openai.com/v1", "http://127.0.0.1:8080", "https://host/a@b/v1/"])("%s is one", (url, { expect }) => {
    expect(baseUrlSchema.parse(url)).toBe(url);
  });

  test.for([
    ["api.openai.com/v1", "must be an http or https address"],
    ["ftp://host", "must be an http or https address"],
    ["https://host/v1?key=secret", "must be an address without query and fragment"],
    ["https://host/v1#x", "must be an address without query and fragment"],
    ["https://user:secret@host/v1", "must be an address without user and password"],
    ["https://user@host", "must be an address without user and password"],
  ] as const)("%s %s, which its field is told", ([baseUrl, message], { expect }) => {
    const parsed = putCredential.body.safeParse({ apiKey: "sk-1", baseUrl });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ["baseUrl"], message });
  });
});
