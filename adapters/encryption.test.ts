import { describe, test } from "vitest";
import { open, seal } from "./encryption.ts";

const key = btoa("k".repeat(32));
const owner = "0199a000-0000-7000-8000-000000000001/openai";

describe("sealed credentials", () => {
  test("open to the same text, and the same text never seals to the same bytes", async ({ expect }) => {
    const [first, second] = await Promise.all([seal("sk-ключ-🔑", key, owner), seal("sk-ключ-🔑", key, owner)]);
    expect(await open(first, key, owner)).toEqual({ kind: "opened", text: "sk-ключ-🔑" });
    expect(first).not.toBe(second);
    expect(first).not.toContain("sk-");
  });

  const refused = { kind: "unreadable", reason: "wrong key, wrong owner, or changed bytes" };

  test("do not open with another key", async ({ expect }) => {
    expect(await open(await seal("secret", key, owner), btoa("x".repeat(32)), owner)).toEqual(refused);
  });

  test("do not open for another organisation or provider", async ({ expect }) => {
    const sealed = await seal("secret", key, owner);
    expect(await open(sealed, key, owner.replace("0001/", "0002/"))).toEqual(refused);
    expect(await open(sealed, key, owner.replace("openai", "groq"))).toEqual(refused);
  });

  test("do not open after any byte was changed", async ({ expect }) => {
    const sealed = await seal("secret", key, owner);
    const bytes = Uint8Array.from(atob(sealed.slice(3)), (character) => character.charCodeAt(0));
    const results = await Promise.all(
      Array.from(bytes, async (byte, index) => {
        const changed = bytes.with(index, byte ^ 1);
        return await open(`v1.${btoa(String.fromCharCode(...changed))}`, key, owner);
      }),
    );
    expect(results).toEqual(Array.from(bytes, () => refused));
  });

  test("that are no sealed text are an answer, not an exception", async ({ expect }) => {
    expect(await open("v2.abcd", key, owner)).toEqual({ kind: "unreadable", reason: "unknown version" });
    expect(await open("v1.***", key, owner)).toEqual({ kind: "unreadable", reason: "not a sealed text" });
    expect(await open(await seal("secret", key, owner), "short", owner)).toEqual({
      kind: "unreadable",
      reason: "CREDENTIALS_KEY must be 32 bytes in base64",
    });
  });
});
