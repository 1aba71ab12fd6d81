import { failure, type Failure } from "#core/contracts/error.ts";
import type { KeySnapshot } from "#core/contracts/key-snapshot.ts";
import { providerNames, providerRow, variablePrefix } from "#core/providers/providers.ts";
import { open } from "./encryption.ts";
import { readVariable } from "./variables.ts";

/** Where a provider is reached, and with what. */
export interface ProviderAccess {
  readonly kind: "access";
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** `null`: the address takes no key. */
  readonly apiKey: string | null;
  readonly simulated: boolean;
}

/** What the gateway needs to reach providers, beside `<PROVIDER>_API_KEY` and `<PROVIDER>_BASE_URL`. */
export interface CredentialsEnvironment {
  /** Opens stored credentials. */
  readonly CREDENTIALS_KEY: string;
  /** Answers for providers without a credential; set on one machine only. */
  readonly SIMULATOR_URL?: string;
}

/** Opening costs a cryptographic operation and a promise; sealed texts never change their meaning. */
const opened = new Map<string, string>();
const openedMax = 1_000;

/**
 * The organisation's own credential first, then the deployment's variables, then the simulator. A provider that is
 * neither in the table nor configured with a base URL is refused by name.
 */
export async function resolveAccess(
  env: CredentialsEnvironment,
  snapshot: KeySnapshot,
  provider: string,
): Promise<ProviderAccess | Failure> {
  const stored = Object.hasOwn(snapshot.credentials, provider) ? snapshot.credentials[provider] : undefined;
  const prefix = variablePrefix(provider);
  const configuredUrl = readVariable(env, `${prefix}_BASE_URL`);
  const baseUrl = stored?.baseUrl ?? configuredUrl ?? providerRow(provider)?.baseUrl;
  if (baseUrl === undefined) {
    return failure(
      "unknown_provider",
      `The provider \`${provider}\` is not known. Known: ${providerNames.join(", ")}; others need a stored base URL.`,
      "model",
    );
  }
  if (stored !== undefined) {
    const apiKey = await openCredential(env, stored.sealedApiKey, `${snapshot.organizationId}/${provider}`);
    return apiKey === null
      ? failure("missing_credential", `The stored credential of \`${provider}\` cannot be opened; store it again.`)
      : { kind: "access", baseUrl: trimmed(baseUrl), apiKey, simulated: false };
  }
  const apiKey = readVariable(env, `${prefix}_API_KEY`);
  if (apiKey !== null || configuredUrl !== null) return { kind: "access", baseUrl: trimmed(baseUrl), apiKey, simulated: false };
  if (env.SIMULATOR_URL !== undefined)
    return { kind: "access", baseUrl: `${trimmed(env.SIMULATOR_URL)}/v1`, apiKey: null, simulated: true };
  return failure("missing_credential", `No credential is stored for \`${provider}\`. Store one, or set ${prefix}_API_KEY.`);
}

async function openCredential(env: CredentialsEnvironment, sealed: string, owner: string): Promise<string | null> {
  const name = `${owner} ${sealed}`;
  const known = opened.get(name);
  if (known !== undefined) return known;
  const result = await open(sealed, env.CREDENTIALS_KEY, owner);
  if (result.kind !== "opened") return null;
  if (opened.size >= openedMax) opened.clear();
  opened.set(name, result.text);
  return result.text;
}

function trimmed(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
