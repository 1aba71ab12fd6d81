import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { headerOf, readBody, type Answer } from "../http/server.ts";
import type { ClickHouseEngine } from "./engine.ts";
import { clickHouseError, type ClickHouseError } from "./error.ts";
import { parseClickHouseRequest } from "./http-request.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** ClickHouse's HTTP interface over the embedded engine: `/ping`, and queries at `/`. Answers are sent whole, uncompressed. */
export function clickHouseFront(engine: ClickHouseEngine, login: Login): (request: IncomingMessage) => Promise<Answer> {
  return async (request) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/ping") return { status: 200, headers: { "content-type": "text/plain" }, body: "Ok.\n" };
    if (url.pathname !== "/")
      return { status: 404, headers: { "content-type": "text/plain" }, body: `There is no handle ${url.pathname}\n` };
    if (!isLogin(givenLogin(request, url.searchParams), login)) {
      const reason = "Authentication failed: password is incorrect, or there is no user with such name.";
      return errorAnswer(clickHouseError(516, "AUTHENTICATION_FAILED", reason));
    }
    const body = await readBody(request);
    const query = parseClickHouseRequest(url.searchParams, body, headerOf(request, "x-clickhouse-format"));
    const database = query.database ?? (headerOf(request, "x-clickhouse-database") || "default");
    const outcome = await engine.run({ ...query, database });
    if (outcome.kind === "refused") return errorAnswer(outcome.error);
    return {
      status: 200,
      headers: {
        "content-type": "text/plain; charset=UTF-8",
        "x-clickhouse-query-id": query.queryId ?? randomUUID(),
        "x-clickhouse-timezone": "UTC",
        "x-clickhouse-summary": JSON.stringify({
          read_rows: String(outcome.rowsRead),
          read_bytes: String(outcome.bytesRead),
          elapsed_ns: String(Math.round(outcome.elapsedMs * 1e6)),
        }),
      },
      body: outcome.body,
    };
  };
}

function errorAnswer(error: ClickHouseError): Answer {
  return {
    status: error.status,
    headers: { "content-type": "text/plain; charset=UTF-8", "x-clickhouse-exception-code": String(error.code) },
    body: `${error.text}\n`,
  };
}

function givenLogin(request: IncomingMessage, search: URLSearchParams): Login {
  const [scheme, credentials] = headerOf(request, "authorization").split(" ");
  if (scheme?.toLowerCase() === "basic" && credentials !== undefined) {
    const [user = "", ...password] = Buffer.from(credentials, "base64").toString("utf8").split(":");
    return { user, password: password.join(":") };
  }
  return {
    user: headerOf(request, "x-clickhouse-user") || (search.get("user") ?? ""),
    password: headerOf(request, "x-clickhouse-key") || (search.get("password") ?? ""),
  };
}

function isLogin(given: Login, expected: Login): boolean {
  const [left, right] = [Buffer.from(given.password), Buffer.from(expected.password)];
  return given.user === expected.user && left.length === right.length && timingSafeEqual(left, right);
}
