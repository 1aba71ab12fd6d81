/// <reference types="node" />
import { vi } from "vitest";
import * as z from "zod";
import { applyPostgres } from "#migrations/apply-postgres.ts";
import { startPostgres } from "#migrations/postgres.fixture.ts";
import { startRedis } from "#migrations/redis.fixture.ts";
import { seedFirstProject } from "#migrations/seed.ts";
import { app } from "../http.ts";

const adminKey = "ef_admin_0123456789abcdef";
/** Nothing listens there. */
const nowhere = "http://127.0.0.1:9";
const unreachable = () => Promise.reject(new Error("unreachable"));
const bucket = { list: unreachable, get: unreachable, head: unreachable, put: unreachable, delete: unreachable };
const stores = {
  BUCKET_US_EAST: bucket,
  BUCKET_US_WEST: bucket,
  BUCKET_EU_WEST: bucket,
  EVENT_BUFFER: {
    jurisdiction: () => stores.EVENT_BUFFER,
    idFromName: () => "",
    get: () => ({ status: unreachable }),
  },
  GATEWAY: { fetch: unreachable },
  BUDGET_ROOT: { idFromName: () => "", get: () => ({ adopt: unreachable, state: unreachable, ledger: unreachable }) },
};

interface Asked {
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body as it is sent, in place of `body`. */
  readonly text?: string;
}

/** The app over a real Postgres and a Redis of eu-west, with one project; no other store can be reached, nor another gateway. */
export async function startControl(gateway: { readonly fetch: (url: string, init: RequestInit) => Promise<Response> } = stores.GATEWAY) {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await applyPostgres(postgres.databaseUrl);
  const { organizationId, projectId } = await seedFirstProject({ databaseUrl: postgres.databaseUrl });
  const clickhouse = { CLICKHOUSE_URL_US_EAST: nowhere, CLICKHOUSE_URL_EU_WEST: nowhere };
  const env = {
    ...postgres.env,
    ...redis.env,
    ...clickhouse,
    ...stores,
    GATEWAY: gateway,
    ADMIN_KEY: adminKey,
    CREDENTIALS_KEY: btoa("k".repeat(32)),
  };

  const request = async (method: string, path: string, { key = adminKey, headers = {}, body, text }: Asked = {}): Promise<Response> =>
    await app.request(
      path,
      {
        method,
        headers: { ...headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
        ...(body === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(body) }),
      },
      env,
    );
  /** Status, body and headers of an answer. */
  const ask = async (method: string, path: string, asked: Asked = {}) => {
    const response = await request(method, path, asked);
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : z.unknown().parse(JSON.parse(text)), headers: response.headers };
  };
  /** The body of an answer that must be a success, read by a schema. */
  const make = async <Output>(schema: z.ZodType<Output>, method: string, path: string, asked: Asked = {}): Promise<Output> => {
    const { status, body } = await ask(method, path, asked);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return schema.parse(body);
  };
  return {
    env,
    organizationId,
    projectId,
    query: postgres.query,
    ask,
    make,
    stop: async () => {
      vi.useRealTimers();
      await redis.stop();
      await postgres.stop();
    },
  };
}

export type Control = Awaited<ReturnType<typeof startControl>>;
