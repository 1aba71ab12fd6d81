import { createHash } from "node:crypto";
import { test } from "vitest";
import { virtualKeyPattern } from "#core/contracts/key-snapshot.ts";
import { hashKey, makeVirtualKey } from "./virtual-key.ts";

test("a new key has the form that the gateway reads, and its hash is that of its whole text", async ({ expect }) => {
  const made = await makeVirtualKey();
  expect(virtualKeyPattern.exec(made.key)?.[1]).toBe(made.keyId);
  expect(made.secretHash).toBe(createHash("sha256").update(made.key).digest("hex"));
  expect(await hashKey(made.key)).toBe(made.secretHash);
});
