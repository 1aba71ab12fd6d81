import { test } from "vitest";
import { deadLetterKeyOf, formatDeadLetterKey, kindOfDeadLetter, parseDeadLetterKey } from "./dead-letter-key.ts";

const atMs = Date.UTC(2026, 10, 24, 23, 59);

test("a letter's key says region, day and subject, and is read back", ({ expect }) => {
  const key = deadLetterKeyOf("us-east", "raw/us-east/2026-11-24/0-1/7", "events", atMs);
  expect(key).toEqual({ region: "us-east", day: "2026-11-24", name: "raw_us-east_2026-11-24_0-1_7.events.json" });
  expect(parseDeadLetterKey(formatDeadLetterKey(key))).toEqual(key);
  const odd = deadLetterKeyOf("eu-west", `{"a": "é/../${"x".repeat(300)}"}`, "object", atMs);
  expect(parseDeadLetterKey(formatDeadLetterKey(odd))).toEqual(odd);
});

test("what is no letter's key is none", ({ expect }) => {
  for (const text of [
    "dead/us-east/2026-11-24/a.txt",
    "dead/mars/2026-11-24/a.events.json",
    "dead/us-east/a.events.json",
    "dead/us-east/2026-11-24/a.events.json.handled",
    "dead/us-east/2026-11-24/a/b.events.json",
    "raw/us-east/2026-11-24/a.events.json",
  ])
    expect(parseDeadLetterKey(text)).toBeNull();
  expect([kindOfDeadLetter("a.events.json"), kindOfDeadLetter("a.object.json"), kindOfDeadLetter("a.json")]).toEqual([
    "events",
    "object",
    null,
  ]);
});
