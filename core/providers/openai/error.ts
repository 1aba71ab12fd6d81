import { errors } from "../../contracts/error.ts";
import { asRecord } from "../../gateway/json.ts";

/** The words of a provider's `error` member: `{message}`, or a bare string. */
export function providerErrorMessage(error: unknown): string {
  if (typeof error === "string" && error !== "") return error;
  const message = asRecord(error)?.["message"];
  return typeof message === "string" && message !== "" ? message : errors.upstream_error.publicText;
}
