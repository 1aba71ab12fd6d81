/** One query as ClickHouse's HTTP interface carries it. */
export interface ClickHouseRequest {
  /** SQL, with the rows of an insert after it. */
  readonly query: string;
  /** The rows of an insert whose format is no text. */
  readonly block: Uint8Array | null;
  readonly database: string | null;
  readonly format: string;
  readonly queryId: string | null;
  /** Values of `{name:Type}`, as escaped text, as on the wire. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
}

/** Parameters of the URL that belong to the interface and are no settings. */
const reserved: ReadonlySet<string> = new Set([
  "query",
  "database",
  "user",
  "password",
  "quota_key",
  "default_format",
  "session_id",
  "session_timeout",
  "session_check",
  "close_session",
  "query_id",
  "role",
  "compress",
  "decompress",
  "enable_http_compression",
  "stacktrace",
  "wait_end_of_query",
  "buffer_size",
  "client_protocol_version",
]);

const parameterPrefix = "param_";
const defaultFormat = "TabSeparated";

/** Reads a request's URL parameters and body: a query is the `query` parameter followed by the body. */
export function parseClickHouseRequest(search: URLSearchParams, body: Uint8Array, formatHeader: string): ClickHouseRequest {
  const parameters = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of search) {
    if (name.startsWith(parameterPrefix)) parameters.set(name.slice(parameterPrefix.length), value);
    else if (!reserved.has(name)) settings.set(name, value);
  }
  const start = search.get("query") ?? "";
  const isBinary = isNativeInsert(start);
  return {
    query: isBinary ? start : [start, new TextDecoder().decode(body)].filter((part) => part !== "").join("\n"),
    block: isBinary ? body : null,
    database: search.get("database") || null,
    format: search.get("default_format") || formatHeader || defaultFormat,
    queryId: search.get("query_id"),
    parameters,
    settings,
  };
}

/** Whether a statement writes rows: those run on the session for inserts, one after another. */
export function isInsert(query: string): boolean {
  return /^\s*(--[^\n]*\n\s*|\/\*.*?\*\/\s*)*insert\b/is.test(query);
}

const nativeFormat = /\bFORMAT\s+Native\s*$/i;

function isNativeInsert(query: string): boolean {
  return nativeFormat.test(query) && isInsert(query);
}

/** The insert of a binary block, as one that reads it from a file. */
export function fromFile(query: string, path: string): string {
  return query.replace(nativeFormat, () => `SELECT * FROM file(${literal(path)}, 'Native')`);
}

/** A text as a ClickHouse string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Names that a query's `{name:Type}` placeholders ask for. */
export function placeholdersOf(query: string): string[] {
  return [...query.matchAll(/\{\s*(\w+)\s*:\s*\w/g)].flatMap((match) => match[1] ?? []);
}
