import type { SqlParameters } from "./sql-parameters.ts";

/**
 * What a span adds to what was said before, as the index `spans_search` of the migrations has it, letter for letter: the
 * index serves no other expression. A history counts from after its last answer, since all before is in the spans of the
 * earlier turns. Payloads are mostly JSON, where a line ends in the two characters `\n`: they would stick to the word
 * that follows. Of a payload in R2 only the preview lies here; vectors have no words.
 */
export const searchExpression =
  `lowerUTF8(replaceAll(concat(arrayElement(splitByRegexp('"role": ?"assistant"', input_text), -1), '\\n', ` +
  `if(kind = 'embedding', '', output_text), '\\n', error_message, '\\n', ` +
  `if(input_kind = 'reference', input_preview, ''), '\\n', if(output_kind = 'reference', output_preview, '')), '\\\\n', ' '))`;

/** Spans that hold every word of a text, in any order. Words are letters and digits; what lies between them counts for nothing. */
export function searchCondition(words: string, parameters: SqlParameters): string {
  return `hasAllTokens(${searchExpression}, lowerUTF8(${parameters.bind("String", words)}))`;
}
