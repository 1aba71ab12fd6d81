import type { KeyId, OrganizationId, ProjectId } from "../contracts/id.ts";
import {
  placeOf,
  type Budget,
  type KeyLimits,
  type BudgetSetting,
  type LimitPlace,
  type LimitSelector,
  type LimitSubject,
  type RateLimitPolicy,
} from "../contracts/limits.ts";
import type { Region } from "../contracts/region.ts";

/** What of a call decides which limits hold for it. */
export interface LimitedCall {
  readonly organizationId: OrganizationId;
  /** `null`: its key is in no team. */
  readonly teamId: string | null;
  readonly projectId: ProjectId;
  readonly keyId: KeyId;
  /** Empty: the call names no end user. */
  readonly userId: string;
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
  /** The region that serves it. */
  readonly region: Region;
  readonly tags: readonly string[];
}

/** A limit that holds for a call, and whose account is charged. */
export interface Matched<Limit> {
  readonly limit: Limit;
  /** Names the account among those of the limit: the team, project, key or user that the call is counted for. */
  readonly counted: string;
}

/** Root-most first: in this order rights are reserved, and in the opposite one released. */
const order = { organization: 0, team: 1, project: 2, key: 3, user: 4 } as const satisfies Record<LimitSubject["kind"], number>;

/**
 * The limits that hold for a call, in a fixed order: organisation, team, project, key, user; of one kind by id. What is set for
 * each team, project, key or user holds for one that is seen for the first time, too, unless the same is set for it by name.
 */
export function matchLimits<Limit extends Budget | RateLimitPolicy>(
  limits: readonly Limit[],
  call: LimitedCall,
): readonly Matched<Limit>[] {
  const matched: Matched<Limit>[] = [];
  for (const limit of limits) {
    const counted = countedFor(limit.subject, call);
    if (counted !== null && isSelected(limit.selector, call) && isCounted(limit, call.region)) matched.push({ limit, counted });
  }
  const named = new Set(matched.filter(({ limit }) => !isForEach(limit.subject)).map(({ limit }) => placeOf(limit)));
  return matched
    .filter(({ limit, counted }) => !isForEach(limit.subject) || !named.has(placeOf(forOne(limit, counted))))
    .toSorted(
      (left, right) => order[left.limit.subject.kind] - order[right.limit.subject.kind] || (left.limit.id < right.limit.id ? -1 : 1),
    );
}

/** Which of an organisation's limits may hold for calls of a key; `null`: none. */
export function limitsOfKey(
  { budgets, rateLimits }: KeyLimits,
  key: Pick<LimitedCall, "projectId" | "keyId" | "teamId">,
): KeyLimits | null {
  const mayHold = ({ subject }: { readonly subject: LimitSubject }): boolean => {
    switch (subject.kind) {
      case "organization":
      case "user":
        return true;
      case "team":
        return key.teamId !== null && (subject.id === null || subject.id === key.teamId);
      case "project":
        return subject.id === null || subject.id === key.projectId;
      case "key":
        return subject.id === null || subject.id === key.keyId;
    }
  };
  const ofKey = { budgets: budgets.filter(mayHold), rateLimits: rateLimits.filter(mayHold) };
  return ofKey.budgets.length + ofKey.rateLimits.length === 0 ? null : ofKey;
}

/** What a budget allows in all regions together. */
export function totalOf({ amount }: Pick<BudgetSetting, "amount">): number {
  const { totalNanoUsd, perRegionNanoUsd } = amount;
  return totalNanoUsd ?? Object.values(perRegionNanoUsd).reduce((left, right) => left + right, 0);
}

/** Whether a name fits a pattern in which `*` stands for any characters, in time that grows with both lengths only. */
export function fitsPattern(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const place = name.indexOf(piece, from);
    if (place === -1) return false;
    from = place + piece.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

/** Whom of the call's the subject counts; `null`: none of them. */
function countedFor(subject: LimitSubject, call: LimitedCall): string | null {
  const own = ownId(subject.kind, call);
  if (own === null || own === "") return null;
  return subject.kind === "organization" || subject.id === null || subject.id === own ? own : null;
}

function ownId(kind: LimitSubject["kind"], call: LimitedCall): string | null {
  switch (kind) {
    case "organization":
      return call.organizationId;
    case "team":
      return call.teamId;
    case "project":
      return call.projectId;
    case "key":
      return call.keyId;
    case "user":
      // The stores take no NUL, and no half of a surrogate pair.
      return call.userId.toWellFormed().replaceAll("\0", "\ufffd");
  }
}

function isSelected({ model, provider, region, tag }: LimitSelector, call: LimitedCall): boolean {
  return (
    (provider === null || provider === call.provider) &&
    (region === null || region === call.region) &&
    (tag === null || call.tags.includes(tag)) &&
    (model === null || fitsPattern(call.model, model) || fitsPattern(`${call.provider}/${call.model}`, model))
  );
}

/** A budget without a total says something of the regions that it names, and of no other. */
function isCounted(limit: Budget | RateLimitPolicy, region: Region): boolean {
  return !("amount" in limit) || limit.amount.totalNanoUsd !== null || limit.amount.perRegionNanoUsd[region] !== undefined;
}

function isForEach(subject: LimitSubject): boolean {
  return subject.kind !== "organization" && subject.id === null;
}

/** Where a limit for each would stand if it were set for one. */
function forOne(limit: Budget | RateLimitPolicy, id: string): LimitPlace {
  return { ...limit, subject: { kind: limit.subject.kind, id } };
}
