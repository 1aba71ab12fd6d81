import { afterAll, beforeAll, describe, test } from "vitest";
import * as z from "zod";
import { createApiKey } from "#core/contracts/api/api-keys.ts";
import { createKey, rotateKey, updateKey } from "#core/contracts/api/keys.ts";
import { createOrganization } from "#core/contracts/api/organizations.ts";
import { createProject } from "#core/contracts/api/projects.ts";
import { keyIdSchema } from "#core/contracts/id.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { readCached } from "#adapters/redis/key-snapshot-cache.ts";
import { lookUpKey } from "#adapters/virtual-keys.ts";
import { startControl, type Control } from "./control.fixture.ts";

let control: Control;
let project: string;

beforeAll(async () => {
  control = await startControl();
  project = `/api/projects/${control.projectId}`;
});
afterAll(async () => {
  await control.stop();
});

const makeKey = async (body: object = {}) =>
  await control.make(createKey.output, "POST", `${project}/keys`, { body: { name: "k", ...body } });
/** What the region's Redis says of a key. */
const cached = async (keyId: string): Promise<KeySnapshot> => {
  const read = await readCached(control.env, "eu-west", keyIdSchema.parse(keyId));
  if (read.kind !== "hit") throw new Error(read.kind);
  return read.snapshot;
};

describe("an organization and a project", () => {
  test("are made, read, renamed and listed; the home region is chosen once", async ({ expect }) => {
    const organization = await control.make(createOrganization.output, "POST", "/api/organizations", { body: { name: "Acme" } });
    const address = `/api/organizations/${organization.organizationId}`;
    expect(await control.ask("GET", address)).toMatchObject({ status: 200, body: organization });
    expect((await control.ask("PATCH", address, { body: { name: "Acme Ltd" } })).body).toEqual({ ...organization, name: "Acme Ltd" });

    const policy = { payloads: "off" };
    const body = { name: "Chat", homeRegion: "eu-west", policy };
    const made = await control.make(createProject.output, "POST", `${address}/projects`, { body });
    expect(made).toMatchObject({ organizationId: organization.organizationId, name: "Chat", homeRegion: "eu-west" });
    const projectPath = `/api/projects/${made.projectId}`;
    expect((await control.ask("GET", projectPath)).body).toEqual(made);
    expect((await control.ask("GET", `${projectPath}/policy`)).body).toEqual({
      record: "normal",
      payloads: "off",
      masking: [],
      retention: { payloadDays: null, spanDays: null },
    });
    expect((await control.ask("PATCH", projectPath, { body: { name: "Chats" } })).body).toEqual({ ...made, name: "Chats" });
    expect(await control.ask("PATCH", projectPath, { body: { name: "x", homeRegion: "us-east" } })).toMatchObject({
      status: 400,
      body: { error: { param: "homeRegion", message: "`homeRegion` is not a field of this endpoint." } },
    });
    expect((await control.ask("GET", `${address}/projects`)).body).toEqual({ projects: [{ ...made, name: "Chats" }], nextCursor: null });
  });

  test("are refused where a field is wrong, by its name", async ({ expect }) => {
    const projects = `/api/organizations/${control.organizationId}/projects`;
    for (const [path, body, param] of [
      ["/api/organizations", { name: "" }, "name"],
      ["/api/organizations", { name: "a\u0000b" }, "name"],
      ["/api/organizations", { name: "\ud800" }, "name"],
      [projects, { name: "n", homeRegion: "mars" }, "homeRegion"],
      // A region in which this deployment stores nothing.
      [projects, { name: "n", homeRegion: "us-west" }, "homeRegion"],
      [
        projects,
        { name: "n", homeRegion: "eu-west", policy: { masking: [{ kind: "detector", detector: "smell" }] } },
        "policy.masking.0.detector",
      ],
    ] as const) {
      expect(await control.ask("POST", path, { body })).toMatchObject({ status: 400, body: { error: { code: "invalid_field", param } } });
    }
    expect(
      await control.ask("POST", "/api/organizations/0193c5a0-0000-7000-8000-0000000000ff/projects", {
        body: { name: "n", homeRegion: "eu-west" },
      }),
    ).toMatchObject({
      status: 404,
      body: { error: { param: "organizationId" } },
    });
  });
});

describe("a project's policy", () => {
  test("stands over every copy of its keys' snapshots once it is set", async ({ expect }) => {
    const [one, other, revoked] = [await makeKey(), await makeKey({ record: "durable" }), await makeKey()];
    await control.ask("DELETE", `${project}/keys/${revoked.keyId}`);
    const policy = {
      record: "normal",
      payloads: "off",
      masking: [{ kind: "detector", detector: "email" }],
      retention: { payloadDays: 30, spanDays: 90 },
    };
    expect(await control.ask("PUT", `${project}/policy`, { body: policy })).toMatchObject({ status: 200, body: policy });
    expect(await cached(one.keyId)).toMatchObject({ payloads: "off", masking: policy.masking, record: "normal", revoked: false });
    // Durable is what either of them asks for.
    expect((await cached(other.keyId)).record).toBe("durable");
    expect((await cached(revoked.keyId)).revoked).toBe(true);
    await control.ask("PUT", `${project}/policy`, { body: { record: "durable" } });
    expect(await cached(one.keyId)).toMatchObject({ payloads: "stored", masking: [], record: "durable" });
    await control.ask("PUT", `${project}/policy`, { body: {} });
  });
});

describe("a virtual key", () => {
  test("is changed in what is named, and every region's copy with it", async ({ expect }) => {
    const { key: _, ...made } = await makeKey({ route: ["openai/gpt-4o"] });
    const address = `${project}/keys/${made.keyId}`;
    expect((await control.ask("GET", address)).body).toEqual(made);
    const changed = { ...made, name: "n", record: "durable" };
    expect((await control.ask("PATCH", address, { body: { name: "n", record: "durable" } })).body).toEqual(changed);
    expect((await control.ask("GET", address)).body).toEqual(changed);
    expect(await cached(made.keyId)).toMatchObject({ record: "durable", route: ["openai/gpt-4o"] });
    expect(await control.ask("PATCH", address, { body: {} })).toMatchObject({
      status: 400,
      body: { error: { message: "The request body: must change something" } },
    });
  });

  test("that is rotated works under its new text, and no longer under the old one", async ({ expect }) => {
    const made = await makeKey();
    const rotated = await control.make(rotateKey.output, "POST", `${project}/keys/${made.keyId}/rotate`);
    expect({ ...rotated, key: "" }).toEqual({ ...made, key: "" });
    const lookUp = async (key: string) => await lookUpKey(control.env, { waitUntil: () => undefined }, "eu-west", key);
    expect(await lookUp(rotated.key)).toMatchObject({ kind: "key", snapshot: { keyId: made.keyId } });
    expect(await lookUp(made.key)).toMatchObject({ kind: "failure", code: "invalid_api_key" });
  });

  test("that was revoked is neither changed nor rotated", async ({ expect }) => {
    const { keyId } = await makeKey();
    const address = `${project}/keys/${keyId}`;
    await control.ask("DELETE", address);
    const refused = { status: 409, body: { error: { code: "conflict", param: "keyId" } } };
    expect(await control.ask("PATCH", address, { body: { name: "n" } })).toMatchObject(refused);
    expect(await control.ask("POST", `${address}/rotate`)).toMatchObject(refused);
    expect((await cached(keyId)).revoked).toBe(true);
  });

  test("of another project is not found", async ({ expect }) => {
    const { keyId } = await makeKey();
    const elsewhere = await control.make(createProject.output, "POST", `/api/organizations/${control.organizationId}/projects`, {
      body: { name: "Elsewhere", homeRegion: "eu-west" },
    });
    const address = `/api/projects/${elsewhere.projectId}/keys/${keyId}`;
    for (const [method, path, body] of [
      ["GET", address, undefined],
      ["PATCH", address, { name: "n" }],
      ["POST", `${address}/rotate`, undefined],
      ["DELETE", address, undefined],
    ] as const) {
      expect((await control.ask(method, path, body === undefined ? {} : { body })).status).toBe(404);
    }
  });
});

describe("credentials and prices of an organization", () => {
  test("are listed without secrets, and gone once they are deleted", async ({ expect }) => {
    const address = `/api/organizations/${control.organizationId}`;
    await control.ask("PUT", `${address}/credentials/openai`, { body: { apiKey: "sk-hidden-word" } });
    await control.ask("PUT", `${address}/credentials/acme`, { body: { apiKey: "k", baseUrl: "https://acme.example" } });
    const { body: credentials } = await control.ask("GET", `${address}/credentials`);
    expect(credentials).toMatchObject({
      credentials: [
        { provider: "acme", baseUrl: "https://acme.example" },
        { provider: "openai", baseUrl: null },
      ],
      nextCursor: null,
    });
    expect(JSON.stringify(credentials)).not.toContain("hidden-word");

    const rates = { inputTokens: 5, outputTokens: 7 };
    for (const model of ["org/a", "b"]) {
      expect(
        (await control.ask("PUT", `${address}/price-overrides/acme`, { body: { model, ratesNanoUsdPerThousand: rates } })).status,
      ).toBe(200);
    }
    const overrides = async () => (await control.ask("GET", `${address}/price-overrides`)).body;
    expect(await overrides()).toMatchObject({
      priceOverrides: [{ provider: "acme", model: "b", ratesNanoUsdPerThousand: rates }, { model: "org/a" }],
    });
    for (const _ of [1, 2]) {
      expect(await control.ask("DELETE", `${address}/price-overrides/acme?model=org/a`)).toMatchObject({
        status: 200,
        body: { provider: "acme", model: "org/a" },
      });
    }
    expect(await overrides()).toMatchObject({ priceOverrides: [{ model: "b" }], nextCursor: null });
  });
});

describe("every list", () => {
  const listSchema = z.looseObject({ nextCursor: z.string().nullable() });

  test("comes in pages, newest first, joined without a gap or a double, also where rows are of one moment", async ({ expect }) => {
    const address = `/api/organizations/${control.organizationId}`;
    for (let count = 0; count < 5; count += 1) {
      const name = `listed ${count}`;
      await control.ask("POST", "/api/organizations", { body: { name } });
      await control.ask("POST", `${address}/projects`, { body: { name, homeRegion: "eu-west" } });
      await makeKey({ name });
      await control.make(createApiKey.output, "POST", `${project}/api-keys`, { body: { name, scopes: ["read"] } });
      await control.ask("PUT", `${address}/credentials/listed-${count}`, { body: { apiKey: "k" } });
      await control.ask("PUT", `${address}/price-overrides/acme`, {
        body: { model: name, ratesNanoUsdPerThousand: { inputTokens: 1, outputTokens: 1 } },
      });
    }
    const sameMoment = "date_trunc('minute', now())";
    for (const table of ["organizations", "projects", "virtual_keys", "api_keys"])
      await control.query(`UPDATE ${table} SET created_at = ${sameMoment} WHERE name LIKE 'listed%' AND name > 'listed 1'`);
    for (const table of ["provider_credentials", "price_overrides"]) await control.query(`UPDATE ${table} SET updated_at = ${sameMoment}`);

    for (const [path, field] of [
      ["/api/organizations", "organizations"],
      [`${address}/projects`, "projects"],
      [`${project}/keys`, "keys"],
      [`${project}/api-keys`, "apiKeys"],
      [`${address}/credentials`, "credentials"],
      [`${address}/price-overrides`, "priceOverrides"],
    ] as const) {
      const rowsOf = (body: z.infer<typeof listSchema>) => z.array(z.unknown()).parse(body[field]);
      const whole = await control.make(listSchema, "GET", `${path}?limit=200`);
      const joined: unknown[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: z.infer<typeof listSchema> = await control.make(
          listSchema,
          "GET",
          `${path}?limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        joined.push(...rowsOf(page));
        cursor = page.nextCursor;
      }
      expect([field, joined]).toEqual([field, rowsOf(whole)]);
      expect(joined.length).toBeGreaterThanOrEqual(5);
      for (const wrong of ["zz", "W10", btoa('[1,"a\\u0000"]')]) {
        expect(await control.ask("GET", `${path}?cursor=${wrong}`)).toMatchObject({ status: 400, body: { error: { param: "cursor" } } });
      }
    }
  });
});

describe("a version", () => {
  /** Everything that has one: where it is, and two changes of it. */
  const versioned = async (): Promise<readonly (readonly [string, "PUT" | "PATCH", object, object])[]> => {
    const { keyId } = await makeKey();
    return [
      [`/api/organizations/${control.organizationId}`, "PATCH", { name: "one" }, { name: "two" }],
      [project, "PATCH", { name: "one" }, { name: "two" }],
      [`${project}/policy`, "PUT", { record: "durable" }, {}],
      [`${project}/keys/${keyId}`, "PATCH", { name: "one" }, { route: ["openai/gpt-4o"] }],
    ];
  };

  test("is told with what is read, and spares reading what is known", async ({ expect }) => {
    for (const [path] of await versioned()) {
      const first = await control.ask("GET", path);
      const etag = first.headers.get("etag") ?? "";
      expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
      for (const known of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
        const second = await control.ask("GET", path, { headers: { "if-none-match": known } });
        expect([second.status, second.body, second.headers.get("etag")]).toEqual([304, null, etag]);
      }
      expect((await control.ask("GET", path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    }
  });

  test("that is no longer the one that stands refuses a change, and of changes at once one is made", async ({ expect }) => {
    for (const [path, method, change, other] of await versioned()) {
      const before = (await control.ask("GET", path)).headers.get("etag") ?? "";
      const put = async (body: object, ifMatch: string) => await control.ask(method, path, { headers: { "if-match": ifMatch }, body });
      expect(await put(change, '"other"')).toMatchObject({
        status: 412,
        body: { error: { code: "precondition_failed", param: "if-match" } },
      });
      const answers = await Promise.all([put(change, before), put(other, before), put(change, before)]);
      expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([200, 412, 412]);
      const after = answers.find(({ status }) => status === 200)?.headers.get("etag") ?? "";
      expect((await control.ask("GET", path)).headers.get("etag")).toBe(after);
      expect((await put(other, after)).status).toBe(200);
      expect((await put(other, "*")).status).toBe(200);
    }
    const key = await control.make(updateKey.output, "PATCH", `${project}/keys/${(await makeKey()).keyId}`, {
      body: { name: "no version named" },
    });
    expect(key.name).toBe("no version named");
  });
});
