import { Redis } from "ioredis";
import RedisMock from "ioredis-mock";

/** What Redis answers to one command. */
export type RedisReply = string | number | null | readonly RedisReply[];
export type CommandOutcome =
  | { readonly kind: "replied"; readonly reply: RedisReply }
  | { readonly kind: "refused"; readonly message: string };

export interface RedisCommands {
  /** Runs commands in order, not as one transaction. */
  readonly pipeline: (commands: readonly (readonly string[])[]) => Promise<CommandOutcome[]>;
  /** Runs commands as one transaction (MULTI … EXEC). */
  readonly transaction: (commands: readonly (readonly string[])[]) => Promise<CommandOutcome[]>;
  readonly close: () => void;
}

/** Commands over a Redis server at `url`, or, for null, over one in this process's memory that starts empty. */
export function openRedisCommands(url: string | null): RedisCommands {
  const client: Redis = url === null ? new RedisMock() : new Redis(url, { maxRetriesPerRequest: 1, connectTimeout: 2_000 });
  // It connects again by itself; what is asked meanwhile is refused.
  client.on("error", () => undefined);

  const outcomesOf = async (replies: Promise<[Error | null, unknown][] | null>): Promise<CommandOutcome[]> =>
    ((await replies) ?? []).map(([error, reply]) =>
      error === null ? { kind: "replied", reply: toReply(reply) } : { kind: "refused", message: error.message },
    );
  const runOne = async (command: readonly string[]): Promise<CommandOutcome> => {
    const prepared = prepare(command);
    const [name = ""] = prepared;
    if (!(name in client)) return { kind: "refused", message: `ERR unknown command '${name}'` };
    try {
      const [outcome] = await outcomesOf(client.pipeline([prepared]).exec());
      return outcome ?? { kind: "refused", message: "ERR no reply" };
    } catch (error) {
      return { kind: "refused", message: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    // Asked together, answered in order: the client sends commands in the order in which they are given to it.
    pipeline: (commands) => Promise.all(commands.map(runOne)),
    transaction: (commands) => outcomesOf(client.multi(commands.map(prepare)).exec()),
    close: () => client.disconnect(),
  };
}

/** The client's names are in lower case; the one in memory knows SET's options in upper case only, and ignores others. */
function prepare([name = "", ...args]: readonly string[]): string[] {
  const command = name.toLowerCase();
  return command === "set" ? [command, ...args.slice(0, 2), ...args.slice(2).map((option) => option.toUpperCase())] : [command, ...args];
}

function toReply(value: unknown): RedisReply {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(toReply);
  // The client turns some replies (HGETALL) into objects; on the wire they are flat lists.
  return typeof value === "object" ? Object.entries(value).flat().map(toReply) : null;
}
