import { connect } from "#adapters/postgres/database.ts";
import { readKey } from "#adapters/postgres/keys.ts";
import { attempt } from "#adapters/unavailable.ts";
import { failure } from "#core/contracts/error.ts";
import { regions } from "#core/contracts/region.ts";
import { trustedKeyHeader } from "#core/gateway/trusted-key.ts";
import { findProject } from "./find.ts";
import type { Handler } from "./handler.ts";

/** What a caller says of a call beside its body. */
const passedPrefix = "x-evalforge-";

/** The key is looked up in its project first: the gateway trusts that who names it may. */
export const callWithKey: Handler<"callWithKey"> = async (env, { params: { projectId, keyId } }, { headers: sent, bodyText }) => {
  const project = await findProject(env, projectId);
  if (project.kind !== "answered") return project;
  const key = await attempt("postgres", async () => await readKey(connect(env), projectId, keyId));
  if (key.kind === "unavailable") return key;
  if (key.value === null) return failure("not_found", "There is no such key.", "keyId");
  const headers = new Headers({ "content-type": "application/json" });
  for (const [name, value] of sent) if (name.startsWith(passedPrefix) || name === "user-agent") headers.set(name, value);
  headers.set(trustedKeyHeader, keyId);
  const { latitude, longitude } = regions[project.value.homeRegion];
  const response = await attempt("gateway", async () => {
    return await env.GATEWAY.fetch("https://gateway/v1/chat/completions", {
      method: "POST",
      headers,
      // Written anew, numbers beyond 2^53 would be others.
      body: bodyText,
      // The gateway serves where a request comes in: this one, where the project is at home.
      cf: { latitude: String(latitude), longitude: String(longitude) },
    });
  });
  return response.kind === "unavailable" ? response : { kind: "relayed", response: response.value };
};
