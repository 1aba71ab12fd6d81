import { reportReadiness } from "../report-readiness.ts";
import type { AppEnvironment } from "./environment.ts";
import { dependenciesOf, type DependencyCheck } from "./dependencies.ts";

/** The stores that the app reads and fills. Redis it only tells of changes, which expire there anyway; of buffers it needs none. */
const isNeeded = { postgres: true, clickhouse: true, redis: false, r2: true, buffer: null } as const satisfies Record<
  DependencyCheck["store"],
  boolean | null
>;

/** `GET /ready` */
export async function readiness(env: AppEnvironment): Promise<Response> {
  return await reportReadiness(
    dependenciesOf(env).flatMap(({ store, region, isConfigured, ask }) => {
      const needed = isNeeded[store];
      if (!isConfigured || needed === null) return [];
      return [{ name: region === null ? store : `${store} ${region}`, isNeeded: needed, ask }];
    }),
  );
}
