import type { LimiterBinding, RootBinding } from "#adapters/limits/stubs.ts";
import { replacing } from "#adapters/recorder/replacing.fixture.ts";
import { BudgetRoot, type BudgetRootEnv } from "./budget-root.ts";
import { RegionLimiter, type RegionLimiterEnv } from "./region-limiter.ts";

/** What goes wrong at random, each as a part of 1 (of `rpc`, 1: nothing arrives); tests run in the isolate of these objects, and set it. */
export const faults = { rpc: 0, storage: 0, seed: 1, storageFailures: 0, rpcFailures: 0 };

/** From 0 to 1. */
export function random(): number {
  faults.seed = (Math.imul(faults.seed, 1_664_525) + 1_013_904_223) >>> 0;
  return faults.seed / 4_294_967_296;
}

/** A message that is lost, whose answer is lost, or that comes twice. */
async function carry<Value>(send: () => Promise<Value>): Promise<Value> {
  if (random() >= faults.rpc) return await send();
  faults.rpcFailures += 1;
  if (faults.rpc === 1) throw new Error("the message is lost");
  const kind = Math.floor(random() * 3);
  if (kind === 0) throw new Error("the message is lost");
  const answer = await send();
  if (kind === 1) throw new Error("the answer is lost");
  await send().catch(() => undefined);
  return answer;
}

/** A stub whose messages are carried so. */
function unsteady<Stub extends object>(stub: Stub): Stub {
  return new Proxy(stub, {
    get(target, name): unknown {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return async (...passed: unknown[]): Promise<unknown> =>
        await carry<unknown>(async () => {
          const answer: unknown = await Reflect.apply(own, target, passed);
          return answer;
        });
    },
  });
}

function unsteadyLimiters({ REGION_LIMITER: limiters }: LimiterBinding): LimiterBinding["REGION_LIMITER"] {
  return replacing(limiters, { get: (id: DurableObjectId) => unsteady(limiters.get(id)) });
}

function unsteadyRoots({ BUDGET_ROOT: roots }: RootBinding): RootBinding["BUDGET_ROOT"] {
  return replacing(roots, { get: (id: DurableObjectId) => unsteady(roots.get(id)) });
}

/** A commit that fails is none: what it wrote is taken back, and who wanted it hears of it. */
function failCommits(storage: DurableObjectStorage): void {
  const commit = storage.transactionSync.bind(storage);
  Object.defineProperty(storage, "transactionSync", {
    value: <Value>(work: () => Value): Value =>
      commit(() => {
        const value = work();
        if (random() < faults.storage) {
          faults.storageFailures += 1;
          throw new Error("the commit failed");
        }
        return value;
      }),
  });
}

/** The platform's own limit of a row, which workerd by itself does not have. */
const rowCharactersMax = 2_000_000;

function refuseLongRows({ sql }: DurableObjectStorage): void {
  const exec = sql.exec.bind(sql);
  Object.defineProperty(sql, "exec", {
    value: (query: string, ...bindings: readonly unknown[]) => {
      if (bindings.join("").length > rowCharactersMax) throw new Error("string or blob too big: SQLITE_TOOBIG");
      return exec(query, ...bindings);
    },
  });
}

export class FaultyRoot extends BudgetRoot {
  constructor(ctx: DurableObjectState, env: BudgetRootEnv) {
    failCommits(ctx.storage);
    refuseLongRows(ctx.storage);
    super(ctx, { ...env, REGION_LIMITER: unsteadyLimiters(env) });
  }
}

export class FaultyLimiter extends RegionLimiter {
  constructor(ctx: DurableObjectState, env: RegionLimiterEnv) {
    failCommits(ctx.storage);
    refuseLongRows(ctx.storage);
    super(ctx, { ...env, REGION_LIMITER: unsteadyLimiters(env), BUDGET_ROOT: unsteadyRoots(env) });
  }
}
