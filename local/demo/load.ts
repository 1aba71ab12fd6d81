import type { KeyId, OrganizationId, ProjectId } from "#core/contracts/id.ts";
import { seedSpans } from "#migrations/seed-spans.ts";
import type { Span } from "#core/contracts/span.ts";
import type { Region } from "#core/contracts/region.ts";
import { controlApi } from "../api.ts";
import { StartFailure } from "../start-failure.ts";
import { appNames, type AppName } from "./apps/apps.ts";
import { callNow, type CallsMade } from "./calls-now.ts";
import { teams, type Owners } from "./limits.ts";
import { makeBudgets, makePrices, makeRateLimits } from "./make-limits.ts";
import { keyOf } from "./session.ts";
import { traffic } from "./traffic.ts";
import { valueOf } from "./value-of.ts";

const seed = "demo";
const monthMs = 30 * 86_400_000;
const homeRegion = "us-east";
const organizationName = "Demo";
/** A project has the first name until all of it is there: one that was interrupted is made anew. */
const names = { loading: "Demo (not whole)", whole: "A month of traffic" } as const;

interface DemoTarget {
  readonly appUrl: string;
  readonly adminKey: string;
  readonly clickHouseUrls: Readonly<Record<Region, string>>;
  /** Where each region's gateway answers. */
  readonly edges: Readonly<Record<Region, string>>;
  /** Whether the deployment has no key and no address of this provider, so that the simulated one answers. */
  readonly isSimulated: (provider: string) => boolean;
  /** How many spans the month has. */
  readonly count: number;
  readonly nowMs: number;
}

export type Demo =
  | { readonly kind: "loaded"; readonly projectId: ProjectId; readonly calls: CallsMade }
  | { readonly kind: "exists"; readonly projectId: ProjectId };

/**
 * A project with a generated month of traffic up to now, a virtual key for each of its applications, and budgets and rate
 * limits, all made through the control API; the spans of the month go to ClickHouse as they are, and then the applications
 * make some calls, so that budgets have something spent. Changes nothing where there is one. Throws `StartFailure`.
 */
export async function loadDemo({ appUrl, adminKey, clickHouseUrls, edges, isSimulated, count, nowMs }: DemoTarget): Promise<Demo> {
  const control = controlApi(appUrl, adminKey);
  const { call } = control;
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
  const makeKey = async (app: AppName): Promise<DemoKey> =>
    valueOf(await call("createKey", { params: { projectId }, query: {}, body: { name: app, team: teams[app] } }));
  // One after the other: the list of keys has them in this order.
  const keys: Record<AppName, DemoKey> = {
    support: await makeKey("support"),
    coding: await makeKey("coding"),
    knowledge: await makeKey("knowledge"),
    research: await makeKey("research"),
    extractor: await makeKey("extractor"),
    summaries: await makeKey("summaries"),
    indexer: await makeKey("indexer"),
  };
  const spans = traffic({ seed, project: { organizationId, projectId, homeRegion }, fromMs: nowMs - monthMs, toMs: nowMs, count });
  const setLimitsAndCall = async (): Promise<CallsMade> => {
    const owners: Owners = { projectId, keyIdOf: (app) => keys[app].keyId };
    await Promise.all([
      makeBudgets(control, organizationId, owners),
      makeRateLimits(control, organizationId, owners),
      makePrices(control, organizationId),
    ]);
    const { credentials } = valueOf(await call("listCredentials", { params: { organizationId }, query: page }));
    return await callNow({
      seed,
      edges,
      keyTextOf: (app) => keys[app].key,
      isSimulated: (provider) => isSimulated(provider) && credentials.every((credential) => credential.provider !== provider),
    });
  };
  // Storing waits for ClickHouse half of its time: the calls of a second and a half cost a start next to nothing beside it.
  const [seeded, calls] = await Promise.all([seedSpans(homeRegion, clickHouseUrls[homeRegion], withKeys(spans, keys)), setLimitsAndCall()]);
  if (seeded.kind === "failed") throw new StartFailure(`The demo cannot be stored: ${seeded.reason}`);
  valueOf(await call("updateProject", { params: { projectId }, query: {}, body: { name: names.whole } }));
  return { kind: "loaded", projectId, calls };
}

interface DemoKey {
  readonly keyId: KeyId;
  /** What is sent as the key. */
  readonly key: string;
}

function* withKeys(spans: Iterable<Span>, keys: Readonly<Record<AppName, DemoKey>>): Generator<Span, void> {
  const made = new Map<string, KeyId>(appNames.map((app) => [keyOf(seed, app), keys[app].keyId]));
  for (const span of spans) yield { ...span, keyId: made.get(span.keyId ?? "") ?? span.keyId };
}
