/** An error as ClickHouse's HTTP interface answers it. */
export interface ClickHouseError {
  readonly status: number;
  readonly code: number;
  /** `Code: N. DB::Exception: … (NAME)` */
  readonly text: string;
}

/** HTTP statuses as the server maps its error codes; every other code is a 500. */
const statuses: Readonly<Record<number, number>> = {
  6: 400, // CANNOT_PARSE_TEXT
  26: 400, // CANNOT_PARSE_QUOTED_STRING
  27: 400, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38: 400, // CANNOT_PARSE_DATE
  41: 400, // CANNOT_PARSE_DATETIME
  43: 400, // ILLEGAL_TYPE_OF_ARGUMENT
  46: 404, // UNKNOWN_FUNCTION
  47: 404, // UNKNOWN_IDENTIFIER
  53: 400, // TYPE_MISMATCH
  60: 404, // UNKNOWN_TABLE
  62: 400, // SYNTAX_ERROR
  72: 400, // CANNOT_PARSE_NUMBER
  73: 404, // UNKNOWN_FORMAT
  81: 404, // UNKNOWN_DATABASE
  115: 404, // UNKNOWN_SETTING
  117: 400, // INCORRECT_DATA
  159: 408, // TIMEOUT_EXCEEDED
  456: 400, // UNKNOWN_QUERY_PARAMETER
  516: 403, // AUTHENTICATION_FAILED
};

const unknownExceptionCode = 1002;

/** Builds an error of a code that ClickHouse has: `message` without the prefix, `name` as in its list of errors. */
export function clickHouseError(code: number, name: string, message: string): ClickHouseError {
  return { status: statuses[code] ?? 500, code, text: `Code: ${code}. DB::Exception: ${message} (${name})` };
}

/** Reads what the embedded engine threw. */
export function fromThrown(error: unknown): ClickHouseError {
  const text = error instanceof Error ? error.message : String(error);
  const match = /^Code: (\d+)\. DB::Exception: /.exec(text);
  if (match === null) return clickHouseError(unknownExceptionCode, "UNKNOWN_EXCEPTION", text);
  const code = Number(match[1]);
  return { status: statuses[code] ?? 500, code, text };
}
