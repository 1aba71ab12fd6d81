import { failure, type Failure } from "../error.ts";
import type { KeyId, ProjectId } from "../id.ts";
import type { ProjectScope } from "./api-keys.ts";
import type { Endpoint } from "./endpoint.ts";

/** Whose request to the control API it is. */
export type Caller =
  | { readonly kind: "admin" }
  | { readonly kind: "api-key"; readonly keyId: KeyId; readonly projectId: ProjectId; readonly scopes: readonly ProjectScope[] };

/**
 * Why a caller may not ask an endpoint; `null`: it may. `projectId` is what stands in the path, `undefined` where nothing
 * does. Of another project the same is said whether it exists or not.
 */
export function refusalOf(caller: Caller, { scope }: Pick<Endpoint, "scope">, projectId: string | undefined): Failure | null {
  if (caller.kind === "admin") return null;
  if (scope === "admin") return failure("insufficient_scope", "This needs the admin key.");
  if (projectId?.toLowerCase() !== caller.projectId)
    return failure("insufficient_scope", "This key reaches only its own project.", "projectId");
  if (caller.scopes.includes(scope)) return null;
  return failure("insufficient_scope", `This needs the scope \`${scope}\`, and this key has \`${caller.scopes.join("`, `")}\`.`);
}
