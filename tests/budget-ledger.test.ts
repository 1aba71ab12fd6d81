import { afterAll, beforeAll, test } from "vitest";
import { getBudgetLedger } from "#core/contracts/api/budget-ledger.ts";
import { listLimitEvents } from "#core/contracts/api/limit-events.ts";
import { control } from "./harness/control-api.ts";
import { startProvider, type Provider } from "./harness/provider.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { asking, clientAt, costOf, newSpender, spendingProvider } from "./harness/spending.ts";
import { until } from "./harness/until.ts";

let provider: Provider;
let system: RunningSystem;
const spending = spendingProvider();

beforeAll(async () => {
  provider = await startProvider();
  provider.behave(spending.behave);
  system = await startSystem({ OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: "sk-openai" });
});
afterAll(async () => {
  spending.release();
  await system?.remove();
  await provider?.close();
});

test("the ledger of a budget and the records of its calls agree, or say why not, to the nano-dollar", async ({ expect }) => {
  const spender = await newSpender(system);
  const { limitId } = await spender.budget({
    name: "Agreed",
    amount: { totalNanoUsd: 1_000_000_000, perRegionNanoUsd: { "us-west": 500_000_000 } },
    window: { kind: "calendar", unit: "month" },
    streams: "blocks",
  });
  const key = await spender.newKey();
  const params = { organizationId: spender.organizationId, limitId };
  const ledgerWith = async (calls: number) =>
    await until(`${calls} calls in the ledger and in the records`, 30_000, async () => {
      const ledger = await control(system, getBudgetLedger, { params });
      const isSettled = ledger.reservedNanoUsd === 0 && ledger.reconciliation.recordedCalls === calls;
      const isPending = ledger.reconciliation.differences.some(({ cause }) => cause === "unheard" || cause === "unrecorded");
      return isSettled && !isPending ? ledger : null;
    });

  // Whole answers in two regions, one after an attempt that was refused, and a call that the provider refused.
  const [east, west] = [clientAt(system, "us-east", key), clientAt(system, "us-west", key)];
  await east.chat.completions.create(asking("answer", 100, { max_tokens: 500 }));
  await west.chat.completions.create(asking("answer", 50, { max_tokens: 500 }));
  await (await west.chat.completions.create({ ...asking("stream", 20), stream: true }).asResponse()).text();
  await east.chat.completions.create(asking("refuse", 100)).catch(() => null);
  const agreed = await ledgerWith(4);
  const whole = costOf(100) + costOf(50) + costOf(20);
  expect(agreed).toMatchObject({ accounts: 1, spentNanoUsd: whole, presumedNanoUsd: 0 });
  expect(agreed.reconciliation).toEqual({ recordedNanoUsd: whole, recordedCalls: 4, differenceNanoUsd: 0, differences: [], calls: [] });
  expect(agreed.regions.map(({ region, limitNanoUsd, spentNanoUsd }) => [region, limitNanoUsd, spentNanoUsd])).toEqual([
    ["us-east", null, costOf(100)],
    ["us-west", 500_000_000, costOf(50) + costOf(20)],
  ]);

  // An answer that was cut, a stream that was cut, and a client that went away.
  await east.chat.completions.create(asking("cut", 100)).catch(() => null);
  await west.chat.completions
    .create({ ...asking("stream-cut", 100), stream: true })
    .asResponse()
    .then(async (response) => await response.text())
    .catch(() => null);
  const leaving = new AbortController();
  const left = east.chat.completions.create(asking("hold", 100), { signal: leaving.signal }).catch(() => null);
  await until("it to be under way", 10_000, () => (spending.held() === 1 ? true : null));
  leaving.abort();
  await left;
  spending.release();
  const explained = await ledgerWith(7);
  const { differenceNanoUsd, differences, calls, recordedNanoUsd } = explained.reconciliation;
  expect(explained.presumedNanoUsd).toBeGreaterThan(2 * costOf(100));
  // Where the client had gone before its answer came, nobody knows what that cost.
  const known = whole + (calls.length === 2 ? costOf(100) : 0);
  expect([recordedNanoUsd, explained.spentNanoUsd, differenceNanoUsd]).toEqual([
    known,
    known + explained.presumedNanoUsd,
    explained.presumedNanoUsd,
  ]);
  expect(differences.map(({ region, cause }) => [region, cause])).toEqual([
    ["us-east", "presumed"],
    ["us-west", "presumed"],
  ]);
  expect(differences.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0)).toBe(differenceNanoUsd);
  expect(calls.every(({ cause, costNanoUsd }) => cause === "presumed" && costNanoUsd === null)).toBe(true);
  expect(calls.reduce((sum, { settledNanoUsd }) => sum + settledNanoUsd, 0)).toBe(differenceNanoUsd);

  // A window in which nothing was spent.
  const before = await control(system, getBudgetLedger, { params, query: { atMs: String(Date.now() - 40 * 86_400_000) } });
  expect(before).toMatchObject({ accounts: 0, spentNanoUsd: 0, reconciliation: { differenceNanoUsd: 0, recordedCalls: 0 } });
});

test("a provider that bills more than a call could cost is an event, a debt in the ledger, and no difference", async ({ expect }) => {
  const spender = await newSpender(system);
  const { limitId } = await spender.budget({ amount: { totalNanoUsd: costOf(10_000) }, alertThresholds: [] });
  const params = { organizationId: spender.organizationId, limitId };
  const client = clientAt(system, "eu-west", await spender.newKey());
  await client.chat.completions.create(asking("overbill", 9_000, { max_tokens: 100 }));
  const { events } = await until("the event", 15_000, async () => {
    const listed = await control(system, listLimitEvents, { params });
    return listed.events.length > 0 ? listed : null;
  });
  expect(events).toMatchObject([{ kind: "bound_exceeded", region: "eu-west", limitId, counted: spender.organizationId }]);
  const [{ overNanoUsd } = { overNanoUsd: 0 }] = events;
  expect(overNanoUsd).toBeGreaterThan(8_000 * 10_000);
  const { spentNanoUsd, reconciliation } = await until("its record", 20_000, async () => {
    const ledger = await control(system, getBudgetLedger, { params });
    return ledger.reconciliation.recordedCalls === 1 ? ledger : null;
  });
  expect([spentNanoUsd, reconciliation.differenceNanoUsd, reconciliation.differences]).toEqual([costOf(9_000), 0, []]);
  // What was billed is paid out of the budget: what is left of it is all that fits.
  const refused = await client.chat.completions.create(asking("answer", 2_000, { max_tokens: 2_000 })).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 429, code: "budget_exceeded" });
});

test("each threshold of a budget, and its first refusal, is an event once, which outlives a kill of the system", async ({ expect }) => {
  const spender = await newSpender(system);
  const params = { organizationId: spender.organizationId };
  const { limitId } = await spender.budget({ amount: { totalNanoUsd: costOf(1_000) }, alertThresholds: [0.5, 0.9] });
  const key = await spender.newKey();
  const names = async () =>
    (await control(system, listLimitEvents, { params, query: { limitId } })).events.map(({ kind, threshold }) => [kind, threshold]);
  await clientAt(system, "eu-west", key).chat.completions.create(asking("answer", 490));
  // One call, and nobody asks how the budget stands.
  await clientAt(system, "us-east", key).chat.completions.create(asking("answer", 20));
  await until("the first threshold", 15_000, async () => ((await names()).length > 0 ? true : null));
  await clientAt(system, "us-east", key)
    .chat.completions.create(asking("answer", 490))
    .catch(() => null);
  await system.end("SIGKILL");
  system = await system.restart();
  await clientAt(system, "us-east", key)
    .chat.completions.create(asking("answer", 900))
    .catch(() => null);
  const events = await until("both of the others", 20_000, async () => ((await names()).length >= 2 ? await names() : null));
  expect(events.at(-1)).toEqual(["threshold", 0.5]);
  expect(events).toContainEqual(["refused", null]);
  expect(new Set(events.map(String)).size).toBe(events.length);
});
