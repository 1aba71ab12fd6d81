import { findAll, goesOn, type Find } from "../find.ts";

/**
 * Numbers as people write them: with a country's code (`+49 …`, `0049 …`), as in North America (`(415) 555-2671`), or
 * with a leading zero and separators (`030 1234567`). Digits in a row without either are left: they are ids and amounts.
 */
const number =
  /(?<![\p{L}\p{N}+._/-])(?:(?:\+|00)[1-9](?:[ .\-/()]{0,3}\d){6,14}|(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}|\(?0[1-9]\d{0,4}\)?(?:[ .\-/]{1,3}\d{2,8}){1,5})/gu;
/** A day of a month of a year, to which an hour may have been joined. */
const date = /^\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}(?!\d)/;

export const findPhones: Find = (text) =>
  findAll(number, text, (match, start) => {
    const digits = match.replaceAll(/\D/g, "").length;
    const isNational = match.startsWith("0") && !match.startsWith("00");
    const fits = digits >= (isNational ? 9 : 8) && digits <= (isNational ? 12 : 17);
    return fits && !date.test(match) && !goesOn(text, start + match.length) ? match.length : 0;
  });
