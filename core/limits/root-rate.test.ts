import fc from "fast-check";
import { describe, test } from "vitest";
import { limitIdSchema } from "../contracts/limits.ts";
import { freshOf } from "./rate-shares.ts";
import { fairSharesOf, lackingOf, replyOf, richRegions, tell, type StoredRootRate, type UnitsLeft } from "./root-rate.ts";

const limitId = limitIdSchema.parse("019a0000-0000-7000-8000-000000000001");
const others = ["us-west", "eu-west"] as const;

/** Parts of a burst of 100: what each region has, what of that is unused, and what nobody has and has had. */
const parts = fc.record({
  held: fc.tuple(fc.nat(40), fc.nat(30), fc.nat(30)),
  unused: fc.tuple(fc.nat(40), fc.nat(30), fc.nat(30)),
  freePart: fc.double({ min: 0, max: 1, noNaN: true }),
  limits: fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200)),
  wanted: fc.tuple(fc.nat(600), fc.nat(600), fc.nat(600)),
  lacking: fc.integer({ min: 1, max: 100 }),
});
type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

function dividedAs({ held, unused, freePart, limits, wanted }: Parts): { readonly root: StoredRootRate; readonly lefts: UnitsLeft } {
  const rows = (["us-east", ...others] as const).map((holder, index) => {
    const share = { limit: limits[index] ?? 0, burst: held[index] ?? 0 };
    return { holder, version: 1, told: share, counted: share, fresh: share.burst, donated: 0 };
  });
  const free = 100 - rows.reduce((sum, { told }) => sum + told.burst, 0);
  // What is free and has been used once is in the books as given and not given back.
  const gone = { holder: "gone", version: 1, told: { limit: 0, burst: 0 }, counted: { limit: 0, burst: 0 }, donated: 0 };
  const used = { ...gone, fresh: Math.floor(free * freePart) };
  const [, west = 0, eu = 0] = held.map((burst, index) => Math.min(burst, unused[index] ?? 0));
  return {
    root: {
      limitId,
      version: 1,
      counted: "all",
      shares: { total: { limit: 600, burst: 100 }, rows: [...rows, used] },
      wanted: { "us-east": wanted[0], "us-west": wanted[1], "eu-west": wanted[2] },
    },
    lefts: { "us-west": west, "eu-west": eu },
  };
}

describe("a region whose calls wait", () => {
  test("gets what they lack out of all that is unused anywhere, if there is so much, and nobody more than there is", ({ expect }) => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const { root, lefts } = dividedAs(drawn);
        const { lacking } = drawn;
        const fair = fairSharesOf(root, "us-east", lacking, lefts);
        let told = root;
        for (const region of richRegions(root, fair, "us-east")) told = tell(told, region, fair[region] ?? { limit: 0, burst: 0 });
        // They let go of what they have not used first, and confirm.
        const rows = told.shares.rows.map((row) => {
          const left = row.holder === "us-west" || row.holder === "eu-west" ? (lefts[row.holder] ?? 0) : 0;
          return { ...row, donated: Math.min(left, row.counted.burst - row.told.burst), counted: row.told };
        });
        const confirmed = { ...told, shares: { ...told.shares, rows } };
        const after = tell(confirmed, "us-east", fair["us-east"] ?? { limit: 0, burst: 0 });
        const got = replyOf(after, "us-east").fresh - replyOf(root, "us-east").fresh;
        const unused = freshOf(root.shares) + (lefts["us-west"] ?? 0) + (lefts["eu-west"] ?? 0);
        expect(got).toBeGreaterThanOrEqual(Math.min(lacking, unused));
        expect(got).toBeLessThanOrEqual(unused);
        expect(after.shares.rows.reduce((sum, { counted }) => sum + counted.burst, 0)).toBeLessThanOrEqual(100);
        expect(after.shares.rows.reduce((sum, { counted }) => sum + counted.limit, 0)).toBeLessThanOrEqual(600);
      }),
      { numRuns: 3_000 },
    );
  });

  test("lacks what they need beyond what it has, a debt included, and something in any case", ({ expect }) => {
    const rate = { limit: 600, burst: 100, periodMs: 60_000 };
    const terms = { limitId, version: 1, unit: "tokens", rate, whenUnreachable: "closed" } as const;
    const ask = { terms, counted: "all", wanted: 600, burst: 10, confirmed: 1, donated: 0 };
    expect([4, -5, 10, undefined].map((left) => lackingOf(left === undefined ? ask : { ...ask, left }))).toEqual([6, 15, 1, 10]);
    expect(lackingOf({ ...ask, burst: 0 })).toBe(0);
  });
});
