import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { headerOf, jsonAnswer, readBody, type Answer } from "../http/server.ts";
import type { CommandOutcome, RedisCommands, RedisReply } from "./commands.ts";

const argument = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const commandSchema = z.array(argument).min(1);
const commandsSchema = z.array(commandSchema).min(1);

/** Upstash's REST protocol: one command at `/`, several at `/pipeline`, one transaction at `/multi-exec`. */
export function upstashFront(redis: RedisCommands, token: string): (request: IncomingMessage) => Promise<Answer> {
  const routes: Readonly<Record<string, (body: unknown, encode: Encode) => Promise<Answer>>> = {
    "/": async (body, encode) => {
      const command = commandSchema.safeParse(body);
      if (!command.success) return refused("ERR a command is a list of strings and numbers");
      const [outcome] = await redis.pipeline([command.data]);
      return outcome?.kind === "replied" ? jsonAnswer(200, encoded(outcome, encode)) : refused(outcome?.message ?? "ERR no reply");
    },
    "/pipeline": async (body, encode) => {
      const commands = commandsSchema.safeParse(body);
      if (!commands.success) return refused("ERR a pipeline is a list of commands");
      return jsonAnswer(
        200,
        (await redis.pipeline(commands.data)).map((outcome) => encoded(outcome, encode)),
      );
    },
    "/multi-exec": async (body, encode) => {
      const commands = commandsSchema.safeParse(body);
      if (!commands.success) return refused("ERR a transaction is a list of commands");
      return jsonAnswer(
        200,
        (await redis.transaction(commands.data)).map((outcome) => encoded(outcome, encode)),
      );
    },
  };
  return async (request) => {
    if (headerOf(request, "authorization") !== `Bearer ${token}`)
      return jsonAnswer(401, { error: "WRONGPASS invalid or missing auth token" });
    const route = routes[new URL(request.url ?? "/", "http://localhost").pathname];
    if (route === undefined || request.method !== "POST") return jsonAnswer(404, { error: "ERR not found" });
    const encode = headerOf(request, "upstash-encoding") === "base64" ? toBase64 : asIs;
    try {
      return await route(parseJson((await readBody(request)).toString("utf8")), encode);
    } catch (error) {
      return jsonAnswer(503, { error: `ERR Redis cannot be reached: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
}

type Encode = (text: string) => string;

const asIs: Encode = (text) => text;
/** Upstash leaves its usual status word readable, and clients rely on that. */
const toBase64: Encode = (text) => (text === "OK" ? text : Buffer.from(text, "utf8").toString("base64"));

function encoded(outcome: CommandOutcome, encode: Encode) {
  return outcome.kind === "replied" ? { result: encodedReply(outcome.reply, encode) } : { error: outcome.message };
}

function encodedReply(reply: RedisReply, encode: Encode): RedisReply {
  if (typeof reply === "string") return encode(reply);
  if (reply === null || typeof reply === "number") return reply;
  return reply.map((item) => encodedReply(item, encode));
}

function refused(message: string): Answer {
  return jsonAnswer(400, { error: message });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
