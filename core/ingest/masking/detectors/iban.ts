import { findAll, goesOn, type Find } from "../find.ts";

const candidate = /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?/gu;
const charactersMin = 15;

/** Account numbers: of what looks like one, the longest beginning whose check digits are right (ISO 13616, modulo 97). */
export const findIbans: Find = (text) =>
  findAll(candidate, text, (match, start) => {
    for (let length = match.length; length >= charactersMin; length -= 1) {
      if (match.charAt(length - 1) === " " || goesOn(text, start + length)) continue;
      const characters = match.slice(0, length).replaceAll(" ", "").toUpperCase();
      if (characters.length >= charactersMin && remainder(characters.slice(4) + characters.slice(0, 4)) === 1) return length;
    }
    return 0;
  });

/** Of the number that letters (A = 10 … Z = 35) and digits make together, divided by 97. */
function remainder(characters: string): number {
  let rest = 0;
  for (const character of characters) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
