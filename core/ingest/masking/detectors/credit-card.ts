import { findAll, goesOn, type Find } from "../find.ts";

/** 13 to 19 digits, alone or in groups, that begin as those of a card network do. */
const candidate = /(?<![\p{L}\p{N}.])[2-6](?:[ -]?\d){12,18}/gu;
const digitsMin = 13;

/** Card numbers: of what looks like one, the longest beginning whose check digit is right (ISO/IEC 7812, Luhn). */
export const findCreditCards: Find = (text) =>
  findAll(candidate, text, (match, start) => {
    for (let length = match.length; length >= digitsMin; length -= 1) {
      if (!/\d/.test(match.charAt(length - 1)) || goesOn(text, start + length)) continue;
      const digits = match.slice(0, length).replaceAll(/\D/g, "");
      if (digits.length >= digitsMin && isLuhn(digits) && !/^(\d)\1+$/.test(digits)) return length;
    }
    return 0;
  });

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
