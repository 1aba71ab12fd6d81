import type { Range } from "../../../patterns/cover.ts";
import { findAll, type Find } from "../find.ts";

/**
 * How keys begin, and how much of one must follow: OpenAI, Anthropic and others (`sk-`), EvalForge, Stripe, AWS, GitHub, GitLab,
 * Google, Slack, Hugging Face, Groq, xAI, npm, Perplexity; JSON web tokens; and whatever is sent as a bearer.
 */
const heads = [
  "sk-[\\w-]{16}",
  "ef_(?:api_|admin_)?[\\w-]{16}",
  "[spr]k_(?:live|test)_\\w{16}",
  "(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[0-9A-Z]{16}",
  "gh[pousr]_\\w{30}",
  "github_pat_\\w{22}",
  "glpat-[\\w-]{20}",
  "AIza[\\w-]{35}",
  "xox[abeoprs]-[\\w-]{10}",
  "hf_\\w{30}",
  "gsk_\\w{20}",
  "xai-[\\w-]{20}",
  "npm_\\w{36}",
  "pplx-\\w{30}",
  "eyJ[\\w-]{8,4096}\\.eyJ[\\w-]{8}",
] as const;
const keyHead = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${heads.join("|")})`, "gu");
const bearerHead = /(?<=\bbearer[ \t])[\w.~+/=-]{16}/giu;
/** What a key goes on with. */
const keyCharacter = /^[\w.~+/=-]$/;

const pemBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const pemEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Keys, tokens, and private keys in PEM; one of the last that is cut goes on to the text's end. */
export const findSecrets: Find = (text) => {
  const keys = [...wholeKeys(keyHead, text), ...wholeKeys(bearerHead, text), ...privateKeys(text)];
  const joined: Range[] = [];
  for (const key of keys.toSorted((one, other) => one.start - other.start)) {
    const last = joined.at(-1);
    if (last === undefined || key.start >= last.end) joined.push(key);
    else if (key.end > last.end) joined[joined.length - 1] = { start: last.start, end: key.end };
  }
  return joined;
};

/** Keys of any length: they are followed by hand, since an expression would need stack for each character. */
function wholeKeys(head: RegExp, text: string): Range[] {
  return findAll(head, text, (match, start) => {
    let end = start + match.length;
    while (end < text.length && keyCharacter.test(text.charAt(end))) end += 1;
    // A sentence's full stop is no part of it.
    while (text.charAt(end - 1) === ".") end -= 1;
    return end - start;
  });
}

function privateKeys(text: string): Range[] {
  return findAll(pemBegin, text, (match, start) => {
    pemEnd.lastIndex = start + match.length;
    const end = pemEnd.exec(text);
    return (end === null ? text.length : end.index + end[0].length) - start;
  });
}
