import type { Find } from "../find.ts";

const localCharacter = /^[\p{L}\p{N}.!$%'*+^_`{|}~-]$/u;
/** Labels of at most 63 characters and a name of letters at the end, 255 in all. */
const domain = /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,63}/uy;
const domainCharactersMax = 255;

/** Addresses: each `@` with what stands before and behind it, so that a long text is gone through once. */
export const findEmails: Find = (text) => {
  const found: { start: number; end: number }[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > from && localCharacter.test(text.charAt(start - 1))) start -= 1;
    // A sentence's quotes and brackets are no part of it, nor the dots that an address may not begin with.
    while (start < at && /[.'`{|}]/.test(text.charAt(start))) start += 1;
    if (start === at) continue;
    domain.lastIndex = 0;
    const match = domain.exec(text.slice(at + 1, at + 1 + domainCharactersMax));
    if (match === null) continue;
    from = at + 1 + match[0].length;
    found.push({ start, end: from });
  }
  return found;
};
