import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { connect } from "#adapters/postgres/database.ts";
import { insertLimitEvents } from "#adapters/postgres/limit-events.ts";
import { uuidV7 } from "#adapters/uuid-v7.ts";
import { listLimitEvents } from "#core/contracts/api/limit-events.ts";
import { organizationIdSchema } from "#core/contracts/id.ts";
import { limitEventSchema } from "#core/contracts/limit-event.ts";
import { forgetOldLimitEvents } from "./limit-events.ts";
import { startControl, type Control } from "./control.fixture.ts";

vi.spyOn(console, "error").mockImplementation(() => undefined);

let control: Control;
beforeAll(async () => {
  control = await startControl();
});
afterAll(async () => {
  await control.stop();
});

const limitId = "019a0000-0000-7000-8000-0000000000a1";
const otherLimitId = "019a0000-0000-7000-8000-0000000000a2";
const at = 1_795_000_000_000;

const event = (createdAtMs: number, change: object = {}) =>
  limitEventSchema.parse({
    eventId: uuidV7(createdAtMs),
    limitId,
    kind: "threshold",
    counted: "a user, 'quoted'",
    window: { startMs: at, endMs: null },
    threshold: 0.5,
    region: null,
    limitNanoUsd: 1_000,
    spentNanoUsd: 510,
    overNanoUsd: 0,
    createdAtMs,
    ...change,
  });

const list = async (query = "") =>
  await control.make(listLimitEvents.output, "GET", `/api/organizations/${control.organizationId}/limit-events${query}`);

describe("events of budgets", () => {
  test("that are brought twice are there once, and are listed newest first, page by page and by budget", async ({ expect }) => {
    const [first, second, other] = [
      event(at),
      event(at + 1, { kind: "refused", threshold: null, region: "eu-west" }),
      event(at + 2, { limitId: otherLimitId }),
    ];
    const { organizationId } = control;
    const bring = async (...events: readonly ReturnType<typeof event>[]): Promise<void> => {
      await insertLimitEvents(
        connect(control.env),
        events.map((each) => ({ organizationId, event: each })),
      );
    };
    await bring(first, second);
    await bring(second, other, first);
    // The organisation is gone: nobody could ask for it, and the others are stored all the same.
    const gone = organizationIdSchema.parse("019a0000-0000-7000-8000-0000000000ff");
    await insertLimitEvents(connect(control.env), [{ organizationId: gone, event: event(at + 3) }]);
    expect(await list()).toEqual({ events: [other, second, first], nextCursor: null });
    expect(await list(`?limitId=${limitId}`)).toEqual({ events: [second, first], nextCursor: null });
    const page = await list("?limit=2");
    expect(page.events).toEqual([other, second]);
    await forgetOldLimitEvents(control.env, at + 400 * 86_400_000 + 1);
    expect(await list(`?limitId=${limitId}`)).toEqual({ events: [second], nextCursor: null });
    await bring(first);
    expect(await list(`?limit=2&cursor=${page.nextCursor ?? ""}`)).toEqual({ events: [first], nextCursor: null });
  });

  test("that Postgres can never take are let go, and keep none of the others from it", async ({ expect }) => {
    const { organizationId } = control;
    const badLimitId = "019a0000-0000-7000-8000-0000000000a3";
    const counted = ["ann", "a\0", "bob", "\ud800", "carl"];
    const rows = counted.map((each, index) => ({ organizationId, event: event(at + index, { limitId: badLimitId, counted: each }) }));
    expect(await insertLimitEvents(connect(control.env), rows)).toBe(2);
    expect((await list(`?limitId=${badLimitId}`)).events.map((each) => each.counted)).toEqual(["carl", "bob", "ann"]);
    // What may be taken later is not let go.
    const unreachable = { ...control.env, DATABASE_URL: control.env.DATABASE_URL.replace("secret", "another") };
    await expect(insertLimitEvents(connect(unreachable), rows)).rejects.toThrow("authentication");
  });
});
