import type { MaskingRule } from "../../contracts/policy.ts";
import { parseJson } from "../../gateway/json.ts";
import { compilePattern } from "../../patterns/compile-pattern.ts";
import { coverOf } from "../../patterns/cover.ts";
import { detectors } from "./detectors/detectors.ts";
import { afterSpace, bareEnd, stringEnd, valueEnd } from "./json-scan.ts";
import { maskOf, textMasker, type TextRule } from "./mask-text.ts";
import { strayFieldMasker } from "./stray-fields.ts";

/** A project's rules, ready to be applied. */
export interface Masker {
  /** Plain text, or JSON text: of that strings, keys and whole numbers are masked one by one, all other bytes stay. */
  readonly text: (text: string) => string;
  /** The mask of a field of this name, whatever it holds; `null`: its value is masked as text. */
  readonly field: (name: string) => string | null;
}

/** JSON in the strings of JSON, as tools are called, is gone into so far. */
const depthMax = 8;

const maskers = new WeakMap<readonly MaskingRule[], Masker>();

/** Rules are compiled once for each list of them: edges use one snapshot's list for many calls. */
export function maskerOf(rules: readonly MaskingRule[]): Masker {
  const known = maskers.get(rules);
  if (known !== undefined) return known;
  const masker = compileMasker(rules);
  maskers.set(rules, masker);
  return masker;
}

function compileMasker(rules: readonly MaskingRule[]): Masker {
  const fields = new Map(rules.flatMap((rule) => (rule.kind === "field" ? [[rule.field.toLowerCase(), maskOf(rule.field)] as const] : [])));
  const textRules = rules.flatMap(textRuleOf);
  const names = [...textRules.map(({ name }) => name), ...rules.flatMap((rule) => (rule.kind === "field" ? [rule.field] : []))];
  const masked = textMasker(textRules, names);
  const field = (name: string): string | null => fields.get(name.toLowerCase()) ?? null;
  const strayFields = strayFieldMasker([...fields.keys()], field);
  const whole = (text: string, depth: number): string => {
    const isJson = depth > 0 && /^\s*[{[]/.test(text) && parseJson(text) !== undefined;
    if (!isJson) return masked(strayFields(text));
    return maskJson(text, { field, plain: masked, string: (inner) => whole(inner, depth - 1) });
  };
  return { text: (text) => whole(text, depthMax), field };
}

function textRuleOf(rule: MaskingRule): TextRule[] {
  switch (rule.kind) {
    case "detector":
      return [{ name: rule.detector, find: detectors[rule.detector] }];
    case "pattern": {
      const compiled = compilePattern(rule.pattern);
      // A pattern that cannot be compiled was refused when the policy was set; here all text is masked rather than none.
      const find =
        compiled.kind === "program"
          ? (text: string) => coverOf(compiled.program, text)
          : (text: string) => [{ start: 0, end: text.length }];
      return [{ name: rule.name, find }];
    }
    case "field":
      return [];
  }
}

interface JsonRules {
  readonly field: Masker["field"];
  /** Keys and numbers. */
  readonly plain: (text: string) => string;
  /** Values that are strings. */
  readonly string: (text: string) => string;
}

/** Valid JSON text, masked; every byte of what is not masked stays as it was. */
function maskJson(text: string, rules: JsonRules): string {
  const pieces: string[] = [];
  let copiedTo = 0;
  const put = (start: number, end: number, value: string): void => {
    pieces.push(text.slice(copiedTo, start), JSON.stringify(value));
    copiedTo = end;
  };
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = stringEnd(text, at);
      const value = decoded(text.slice(at, end));
      const colon = afterSpace(text, end);
      const isKey = text[colon] === ":";
      const mask = isKey ? rules.field(value) : null;
      const masked = isKey ? (mask === null ? rules.plain(value) : value) : rules.string(value);
      if (masked !== value) put(at, end, masked);
      at = end;
      if (mask === null) continue;
      const start = afterSpace(text, colon + 1);
      at = valueEnd(text, start);
      put(start, at, mask);
      continue;
    }
    if (!/[-\d]/.test(character)) {
      at += 1;
      continue;
    }
    const end = bareEnd(text, at);
    const number = text.slice(at, end);
    // What has a fraction or an exponent is a measure, and names nobody.
    const masked = /^-?\d+$/.test(number) ? rules.plain(number) : number;
    if (masked !== number) put(at, end, masked);
    at = end;
  }
  return pieces.join("") + text.slice(copiedTo);
}

/** A string of valid JSON text. */
function decoded(token: string): string {
  return token.includes("\\") ? String(parseJson(token)) : token.slice(1, -1);
}
