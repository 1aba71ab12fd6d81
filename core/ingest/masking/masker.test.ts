import fc from "fast-check";
import { describe, test } from "vitest";
import { maskingRuleSchema, type MaskingRule } from "../../contracts/policy.ts";
import { maskerOf } from "./masker.ts";

const rule = (given: object): MaskingRule => maskingRuleSchema.parse(given);
const detector = (name: string) => rule({ kind: "detector", detector: name });
const field = (name: string) => rule({ kind: "field", field: name });
const pattern = (name: string, text: string) => rule({ kind: "pattern", name, pattern: text });
const masked = (rules: readonly MaskingRule[], text: string) => maskerOf(rules).text(text);

const email = detector("email");
const all = ["email", "phone", "credit-card", "iban", "ip-address", "secret"].map(detector);

describe("plain text", () => {
  test("has the name of what stood there, and is else as it was", ({ expect }) => {
    expect(masked(all, "ada@example.com paid with 4111 1111 1111 1111 from 10.0.0.1.")).toBe(
      "[email] paid with [credit-card] from [ip-address].",
    );
    expect(masked([pattern("employee", "EMP-\\d+")], "EMP-1, EMP-22; EMP-")).toBe("[employee], [employee]; EMP-");
  });

  test("keeps masks that stand in it whole, whatever a pattern says of them", ({ expect }) => {
    expect(masked([email, pattern("word", "[a-z]+")], "ask ada@example.com [email] now")).toBe("[word] [email] [email] [word]");
    expect(masked([email, pattern("all", "(?s).+")], "ask ada@example.com now")).toBe("[all][email][all]");
  });

  test("is masked where one rule frees what another one looks for", ({ expect }) => {
    const rules = [detector("credit-card"), pattern("tag", "x#")];
    expect(masked(rules, "x#4111111111111111")).toBe("[tag][credit-card]");
    expect(masked([detector("credit-card"), pattern("tag", "xx")], "xx4111111111111111")).toBe("[tag][credit-card]");
  });
});

describe("JSON", () => {
  test("is masked in its strings, keys and whole numbers; every other byte stays", ({ expect }) => {
    const text = '{ "to" :["\\u0061da@example.com","x"], "n": 1.50e1,\n"ada@example.com": null, "card": 4111111111111111, "id": 12 }';
    expect(masked([email, detector("credit-card")], text)).toBe(
      '{ "to" :["[email]","x"], "n": 1.50e1,\n"[email]": null, "card": "[credit-card]", "id": 12 }',
    );
    expect(masked([email], '{"a":"\\u00e9\\/ \\ud83d\\ude00"}')).toBe('{"a":"\\u00e9\\/ \\ud83d\\ude00"}');
  });

  test("loses the values of fields of a name at any depth, whatever they are", ({ expect }) => {
    const text = '{"Password":"a","a":{"password":{"b":["}"]},"c":[{"password":1},{"password" : null , "d":2}]},"passwords":"x"}';
    expect(masked([field("password")], text)).toBe(
      '{"Password":"[password]","a":{"password":"[password]","c":[{"password":"[password]"},{"password" : "[password]" , "d":2}]},"passwords":"x"}',
    );
    expect(masked([field("pass")], '{"p\\u0061ss":1,"x":["pass",{"y":"pass"}]}')).toBe('{"p\\u0061ss":"[pass]","x":["pass",{"y":"pass"}]}');
  });

  test("in a string of JSON, as tools are called, is masked too", ({ expect }) => {
    const call = { arguments: JSON.stringify({ to: "ada@example.com", auth: { token: "t" }, deep: JSON.stringify({ token: ["u"] }) }) };
    const kept = { arguments: JSON.stringify({ to: "[email]", auth: { token: "[token]" }, deep: JSON.stringify({ token: "[token]" }) }) };
    expect(masked([email, field("token")], JSON.stringify(call))).toBe(JSON.stringify(kept));
  });

  test("that was cut, or stands in prose, loses its fields and is masked as text", ({ expect }) => {
    const rules = [email, field("token")];
    expect(masked(rules, '{"token":"abc","to":"ada@example.com","token":"ab')).toBe('{"token":"[token]","to":"[email]","token":"[token]"');
    expect(masked(rules, 'Use {"token": {"a": 1}} or "TOKEN": 5, then "token".')).toBe(
      'Use {"token": "[token]"} or "TOKEN": "[token]", then "token".',
    );
    expect(masked(rules, '{"arguments":"{\\"token\\": \\"a\\\\\\"b\\", \\"c\\": 1')).toBe(
      '{"arguments":"{\\"token\\": \\"[token]\\", \\"c\\": 1',
    );
    expect(masked(rules, "[INFO] mail ada@example.com")).toBe("[INFO] mail [email]");
  });

  test("of any depth costs no stack", ({ expect }) => {
    const deep = `${"[".repeat(5_000)}{"token":{"a":${"[".repeat(5_000)}1${"]".repeat(5_000)}}}${"]".repeat(5_000)}`;
    expect(masked([field("token")], deep)).toBe(`${"[".repeat(5_000)}{"token":"[token]"}${"]".repeat(5_000)}`);
  });
});

describe("any text", () => {
  const rules = [...all, field("token"), field("password"), pattern("employee", "EMP-\\d{2,4}"), pattern("word", "(?i)secret[a-z]*")];
  const piece = fc.constantFrom(
    ..."ada@example.com|4111 1111 1111 1111|4111111111111111|+49 171 2345678|030 1234567|DE89 3704 0044 0532 0130 00|10.0.0.1|::1|fe80::1".split(
      "|",
    ),
    ...'EMP-123|secretly|[email]|[token]|[|]| |a|9|@|.|-|"|\\|\n|,|:|😀'.split("|"),
    `sk-${"a1".repeat(12)}`,
    'token":"abc"',
    '"token": 12',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.constant(4_111_111_111_111_111),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(text, fc.constantFrom("token", "Password", "a")), tie("value"), { maxKeys: 3 }),
      text.map((inner) => JSON.stringify({ token: inner, inner })),
    ),
  })).value;

  test("masked twice is as masked once", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          json.map((value) => JSON.stringify(value)),
        ),
        (given) => {
          const once = masked(rules, given);
          expect(masked(rules, once)).toBe(once);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("that is JSON is still JSON, of the same shape where nothing is a field of a rule", ({ expect }) => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shape);
      return typeof value === "object" && value !== null ? Object.values(value).map(shape) : "scalar";
    };
    fc.assert(
      fc.property(json, (value) => {
        const kept: unknown = JSON.parse(masked(all, JSON.stringify({ value })));
        // Keys that become one mask are one key to whoever parses.
        if (JSON.stringify(kept).length > 0 && !JSON.stringify(kept).includes(']":')) expect(shape(kept)).toEqual(shape({ value }));
      }),
    );
  });

  test("in which nothing is found is given back as it is", ({ expect }) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(masked([detector("iban"), field("no such field")], text)).toBe(text);
      }),
    );
  });
});
