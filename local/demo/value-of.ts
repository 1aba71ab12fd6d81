import type { CallResult } from "#core/contracts/api/client.ts";
import { StartFailure } from "../start-failure.ts";

/** What the control API answered. Throws `StartFailure`. */
export function valueOf<Value>(result: CallResult<Value>): Value {
  if (result.kind !== "ok") throw new StartFailure(`The demo cannot be made: ${result.status} ${result.message}`);
  return result.value;
}
