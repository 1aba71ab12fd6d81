import type { SqlParameters } from "./sql-parameters.ts";

/**
 * What is searched of a span, as the index `spans_search` of the migrations has it, letter for letter: the index serves
 * no other expression. Payloads are mostly JSON, where a line ends in the two characters `\n`: they would stick to the
 * word that follows. Of a payload in R2 only the preview lies here.
 */
export const searchExpression =
  "lowerUTF8(replaceAll(concat(input_text, '\\n', output_text, '\\n', error_message, '\\n', " +
  "if(input_kind = 'reference', input_preview, ''), '\\n', if(output_kind = 'reference', output_preview, '')), '\\\\n', ' '))";

/** Spans that hold every word of a text, in any order. Words are letters and digits; what lies between them counts for nothing. */
export function searchCondition(words: string, parameters: SqlParameters): string {
  return `hasAllTokens(${searchExpression}, lowerUTF8(${parameters.bind("String", words)}))`;
}
