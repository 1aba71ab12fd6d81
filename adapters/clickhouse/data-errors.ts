/**
 * The errors by which ClickHouse refuses what a row holds. Whatever else it answers (no space, no memory, too many
 * parts, a table that is not there yet, read-only) says nothing of the rows, and passes.
 */
const dataErrors = {
  6: "CANNOT_PARSE_TEXT",
  25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
  26: "CANNOT_PARSE_QUOTED_STRING",
  27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
  38: "CANNOT_PARSE_DATE",
  41: "CANNOT_PARSE_DATETIME",
  72: "CANNOT_PARSE_NUMBER",
  117: "INCORRECT_DATA",
  128: "TOO_LARGE_ARRAY_SIZE",
  130: "CANNOT_READ_ARRAY_FROM_TEXT",
  131: "TOO_LARGE_STRING_SIZE",
  321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
  349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
  376: "CANNOT_PARSE_UUID",
  467: "CANNOT_PARSE_BOOL",
} as const;

/** Whether an error's code says that a row will never be taken as it is. */
export function isDataError(code: string): boolean {
  return Object.hasOwn(dataErrors, code);
}
