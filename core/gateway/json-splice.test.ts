import fc from "fast-check";
import { describe, test } from "vitest";
import { setTopLevelFields } from "./json-splice.ts";

describe("setTopLevelFields", () => {
  test("sets a field and leaves every other byte as it was", ({ expect }) => {
    const text = '{ "seed" : 12345678901234567890, "model": "openai/gpt-4o",\n "x": [1, {"model": "inner"}] }';
    expect(setTopLevelFields(text, { model: '"gpt-4o"' })).toBe(
      '{ "seed" : 12345678901234567890, "model": "gpt-4o",\n "x": [1, {"model": "inner"}] }',
    );
  });

  test("puts a missing field first", ({ expect }) => {
    expect(setTopLevelFields('{"a":1}', { b: "2" })).toBe('{"b":2,"a":1}');
    expect(setTopLevelFields("{ }", { b: "2" })).toBe('{"b":2 }');
  });

  test("sets a field at each place where it occurs, however its name is written", ({ expect }) => {
    expect(setTopLevelFields('{"m\\u006fdel":"a","model":"b"}', { model: '"c"' })).toBe('{"m\\u006fdel":"c","model":"c"}');
  });

  test("is not misled by quotes, braces and backslashes within strings", ({ expect }) => {
    const text = String.raw`{"a":"\\\"}{\\","b":["\"]"],"model":"x"}`;
    expect(setTopLevelFields(text, { model: '"y"' })).toBe(String.raw`{"a":"\\\"}{\\","b":["\"]"],"model":"y"}`);
  });

  test("gives what parsing, setting and printing would give, for any object", ({ expect }) => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1, 2), fc.jsonValue(), (value, indent, replacement) => {
        const spliced = setTopLevelFields(JSON.stringify(value, null, indent), { model: JSON.stringify(replacement) });
        // Both sides pass through JSON text, in which -0 is 0.
        expect(JSON.parse(spliced)).toEqual(JSON.parse(JSON.stringify({ ...value, model: replacement })));
      }),
    );
  });
});
