import { failure, type Failure } from "../contracts/error.ts";
import type { DialectName } from "../dialects/dialect.ts";
import { isResponsesModel } from "./models.ts";
import { dialectsOf, providerRow } from "./providers.ts";

/**
 * What is spoken with a provider: what the caller asks for; else the caller's own dialect, whose bytes pass untouched; else
 * the provider's first. A provider outside the table is believed to speak whatever is asked for.
 */
export function upstreamDialect(provider: string, model: string, own: DialectName, asked: DialectName | null): DialectName | Failure {
  const offered = dialectsOf(provider);
  if (asked !== null) {
    if (offered.includes(asked) || providerRow(provider) === null) return asked;
    return failure(
      "unsupported_field",
      `\`${provider}\` does not offer \`${asked}\`; it offers ${offered.map((name) => `\`${name}\``).join(", ")}.`,
      "x-evalforge-upstream-api",
    );
  }
  if (own === "chat" && provider === "openai" && isResponsesModel(model)) return "responses";
  return offered.includes(own) ? own : offered[0];
}

/** The dialect in which a provider counts tokens; `null`: it does not count any. */
export function countingDialect(provider: string): DialectName | null {
  const offered = dialectsOf(provider);
  return countingDialects.find((dialect) => offered.includes(dialect)) ?? null;
}

const countingDialects = ["messages", "responses"] as const satisfies readonly DialectName[];
