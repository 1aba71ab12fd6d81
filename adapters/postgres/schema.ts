import { sql } from "drizzle-orm";
import { char, check, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type * as z from "zod";
import type { Scope } from "#core/contracts/api/endpoint.ts";
import type { OnDisconnect, RecordMode } from "#core/contracts/api/keys.ts";
import type { KeyId, OrganizationId, ProjectId } from "#core/contracts/id.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import type { LimitId, LimitKind } from "#core/contracts/limits.ts";
import type { projectPolicySchema } from "#core/contracts/policy.ts";
import type { Region } from "#core/contracts/region.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });
const organizationReference = () =>
  uuid("organization_id")
    .$type<OrganizationId>()
    .notNull()
    .references(() => organizations.id, { onDelete: "cascade" });

export const organizations = pgTable("organizations", {
  /** UUIDv7. */
  id: uuid("id").$type<OrganizationId>().primaryKey(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const projects = pgTable(
  "projects",
  {
    /** UUIDv7. */
    id: uuid("id").$type<ProjectId>().primaryKey(),
    organizationId: organizationReference(),
    name: text("name").notNull(),
    /** Where everything that the project stores lies; chosen once. */
    homeRegion: text("home_region").$type<Region>().notNull(),
    policy: jsonb("policy").$type<z.input<typeof projectPolicySchema>>().notNull().default({}),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [index("projects_organization_id").on(table.organizationId)],
);

export const virtualKeys = pgTable(
  "virtual_keys",
  {
    keyId: char("key_id", { length: 16 }).$type<KeyId>().primaryKey(),
    projectId: uuid("project_id")
      .$type<ProjectId>()
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** SHA-256 of the key's whole text; the text itself is stored nowhere. */
    secretHash: char("secret_hash", { length: 64 }).notNull(),
    name: text("name").notNull(),
    record: text("record").$type<RecordMode>().notNull(),
    /** Models in the order in which they are tried; empty: each call's own. */
    route: jsonb("route").$type<readonly string[]>().notNull().default([]),
    onDisconnect: text("on_disconnect").$type<OnDisconnect>().notNull().default("cancel"),
    /** Whose calls these are, for limits of a team; `null`: no team's. */
    team: text("team"),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (table) => [
    index("virtual_keys_project_id_created_at").on(table.projectId, table.createdAt),
    check("virtual_keys_record", sql`${table.record} in ('normal', 'durable')`),
    check("virtual_keys_on_disconnect", sql`${table.onDisconnect} in ('cancel', 'drain')`),
  ],
);

/** Keys of the control API, each of one project. */
export const apiKeys = pgTable(
  "api_keys",
  {
    keyId: char("key_id", { length: 16 }).$type<KeyId>().primaryKey(),
    projectId: uuid("project_id")
      .$type<ProjectId>()
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** SHA-256 of the key's whole text; the text itself is stored nowhere. */
    secretHash: char("secret_hash", { length: 64 }).notNull(),
    name: text("name").notNull(),
    scopes: jsonb("scopes").$type<readonly Exclude<Scope, "admin">[]>().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    revokedAt: moment("revoked_at"),
  },
  (table) => [index("api_keys_project_id_created_at").on(table.projectId, table.createdAt)],
);

/** What creations answered, for a day, so that a request that is sent again creates nothing anew. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    /** Whose key it is: `admin`, or the id of an API key. */
    owner: text("owner").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of what was asked: the same key for another request is refused. */
    requestHash: char("request_hash", { length: 64 }).notNull(),
    /** The answer, sealed by `adapters/encryption.ts`, since it may hold a new key; `null` while it is being made. */
    sealedAnswer: text("sealed_answer"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.key] }), index("idempotency_keys_created_at").on(table.createdAt)],
);

export const providerCredentials = pgTable(
  "provider_credentials",
  {
    organizationId: organizationReference(),
    provider: text("provider").notNull(),
    /** Encrypted by `adapters/encryption.ts`, bound to this organisation and provider. */
    sealedApiKey: text("sealed_api_key").notNull(),
    baseUrl: text("base_url"),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.provider] })],
);

export const priceOverrides = pgTable(
  "price_overrides",
  {
    organizationId: organizationReference(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    ratesNanoUsdPerThousand: jsonb("rates_nano_usd_per_thousand")
      .$type<KeySnapshot["priceOverrides"][string]["ratesNanoUsdPerThousand"]>()
      .notNull(),
    /** Names this edition of the rates in every span that was priced by it. */
    priceVersion: text("price_version").notNull(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.provider, table.model] })],
);

/** Budgets and rate limits. */
export const limits = pgTable(
  "limits",
  {
    /** UUIDv7. */
    id: uuid("id").$type<LimitId>().primaryKey(),
    organizationId: organizationReference(),
    kind: text("kind").$type<LimitKind>().notNull(),
    /** SHA-256 of where it stands among those of its kind (`placeOf`): two at one place would be one limit with two values. */
    placeHash: char("place_hash", { length: 64 }).notNull(),
    /** As its kind's schema in `core/contracts/limits.ts` reads it. */
    setting: jsonb("setting").notNull(),
    /** Rises with every change: who was told a newer one takes no older one. */
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("limits_place").on(table.organizationId, table.kind, table.placeHash),
    check("limits_kind", sql`${table.kind} in ('budget', 'rate')`),
  ],
);

/** What happened to budgets: kept when their limit is gone. */
export const limitEvents = pgTable(
  "limit_events",
  {
    /** UUIDv7, of the root that raised it: brought twice, it is stored once. */
    id: uuid("id").primaryKey(),
    organizationId: organizationReference(),
    limitId: uuid("limit_id").$type<LimitId>().notNull(),
    /** What `core/contracts/limit-event.ts` says beside. */
    facts: jsonb("facts").$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    index("limit_events_organization_id_created_at").on(table.organizationId, table.createdAt),
    index("limit_events_limit_id_created_at").on(table.limitId, table.createdAt),
    index("limit_events_created_at").on(table.createdAt),
  ],
);
