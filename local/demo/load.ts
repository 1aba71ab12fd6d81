import type { KeyId, OrganizationId, ProjectId } from "#core/contracts/id.ts";
import { seedSpans } from "#migrations/seed-spans.ts";
import type { CallResult } from "#core/contracts/api/client.ts";
import type { Span } from "#core/contracts/span.ts";
import type { Region } from "#core/contracts/region.ts";
import { controlApi } from "../api.ts";
import { StartFailure } from "../start-failure.ts";
import { appNames } from "./apps/apps.ts";
import { keyOf } from "./session.ts";
import { traffic } from "./traffic.ts";

const seed = "demo";
const monthMs = 30 * 86_400_000;
const homeRegion = "us-east";
const organizationName = "Demo";
/** A project has the first name until all of its spans are stored: one that was interrupted is made anew. */
const names = { loading: "Demo (not whole)", whole: "A month of traffic" } as const;

interface DemoTarget {
  readonly appUrl: string;
  readonly adminKey: string;
  readonly clickHouseUrls: Readonly<Record<Region, string>>;
  /** How many spans the month has. */
  readonly count: number;
  readonly nowMs: number;
}

export interface Demo {
  readonly kind: "loaded" | "exists";
  readonly projectId: ProjectId;
}

/**
 * A project with a generated month of traffic up to now, and a virtual key for each of its applications, made through the
 * control API; the spans go to ClickHouse as they are. Changes nothing where there is one. Throws `StartFailure`.
 */
export async function loadDemo({ appUrl, adminKey, clickHouseUrls, count, nowMs }: DemoTarget): Promise<Demo> {
  const { call } = controlApi(appUrl, adminKey);
  const page = { limit: 200 };
  const { organizations } = valueOf(await call("listOrganizations", { params: {}, query: page }));
  const known = organizations.find(({ name }) => name === organizationName);
  const organizationId: OrganizationId =
    known?.organizationId ??
    valueOf(await call("createOrganization", { params: {}, query: {}, body: { name: organizationName } })).organizationId;
  const { projects } = valueOf(await call("listProjects", { params: { organizationId }, query: page }));
  const whole = projects.find(({ name }) => name === names.whole);
  if (whole !== undefined) return { kind: "exists", projectId: whole.projectId };

  const body = { name: names.loading, homeRegion } as const;
  const { projectId } = valueOf(await call("createProject", { params: { organizationId }, query: {}, body }));
  const keys = new Map<string, KeyId>();
  for (const app of appNames) {
    const made = valueOf(await call("createKey", { params: { projectId }, query: {}, body: { name: app } }));
    keys.set(keyOf(seed, app), made.keyId);
  }
  const spans = traffic({ seed, project: { organizationId, projectId, homeRegion }, fromMs: nowMs - monthMs, toMs: nowMs, count });
  const seeded = await seedSpans(homeRegion, clickHouseUrls[homeRegion], withKeys(spans, keys));
  if (seeded.kind === "failed") throw new StartFailure(`The demo cannot be stored: ${seeded.reason}`);
  valueOf(await call("updateProject", { params: { projectId }, query: {}, body: { name: names.whole } }));
  return { kind: "loaded", projectId };
}

function* withKeys(spans: Iterable<Span>, keys: ReadonlyMap<string, KeyId>): Generator<Span, void> {
  for (const span of spans) yield { ...span, keyId: keys.get(span.keyId ?? "") ?? span.keyId };
}

function valueOf<Value>(result: CallResult<Value>): Value {
  if (result.kind !== "ok") throw new StartFailure(`The demo cannot be made: ${result.status} ${result.message}`);
  return result.value;
}
