import { hasClickhouse } from "#adapters/clickhouse/client.ts";
import { readRecentCalls } from "#adapters/clickhouse/recent-calls.ts";
import { log } from "#adapters/log.ts";
import { isSameSecret } from "#adapters/same-secret.ts";
import { failure } from "#core/contracts/error.ts";
import { regionSchema, type Region } from "#core/contracts/region.ts";
import { judgeRegion } from "#core/operations/ingestion-verdict.ts";
import { metricsOf, recentCallsMinutes, type RecentCalls } from "#core/operations/metrics.ts";
import { formatMetrics, prometheusMediaType } from "#core/operations/prometheus.ts";
import { answerWithinMs, readIngestion } from "#queues/read-ingestion.ts";
import { failureResponse, noStore } from "./api/answer.ts";
import { readDependencies } from "./dependencies.ts";
import type { AppEnvironment } from "./environment.ts";

/** `GET /metrics` for Prometheus, behind `METRICS_TOKEN` or the admin key. What a store does not tell within 2 s is left out. */
export async function metrics(env: AppEnvironment, authorization: string | undefined): Promise<Response> {
  if (!(await mayRead(env, authorization))) {
    const refusal = failure("invalid_api_key", "Send METRICS_TOKEN or the admin key as `Authorization: Bearer …`.");
    return failureResponse(refusal, { "www-authenticate": "Bearer" });
  }
  const nowMs = Date.now();
  const [regions, dependencies, recentCalls] = await Promise.all([
    Promise.all(
      regionSchema.options.map(async (region) => {
        const facts = await readIngestion(env, region, nowMs);
        return { ...facts, verdict: judgeRegion(facts).verdict };
      }),
    ),
    readDependencies(env),
    Promise.all(regionSchema.options.map(async (region) => await recentCallsOf(env, region, nowMs))),
  ]);
  const text = formatMetrics(metricsOf({ regions, dependencies, recentCalls: recentCalls.flat() }));
  return new Response(text, { headers: { ...noStore, "content-type": prometheusMediaType } });
}

async function mayRead(env: AppEnvironment, authorization: string | undefined): Promise<boolean> {
  const [, sent] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (sent === undefined) return false;
  const tokens = [env.METRICS_TOKEN ?? "", env.ADMIN_KEY].filter((token) => token !== "");
  const same = await Promise.all(tokens.map(async (token) => await isSameSecret(sent, token)));
  return same.includes(true);
}

async function recentCallsOf(env: AppEnvironment, region: Region, nowMs: number): Promise<RecentCalls[]> {
  if (!hasClickhouse(env, region)) return [];
  try {
    return await readRecentCalls(env, region, { nowMs, minutes: recentCallsMinutes, limitMs: answerWithinMs });
  } catch (error) {
    log("metrics_incomplete", { store: "clickhouse", region, error });
    return [];
  }
}
