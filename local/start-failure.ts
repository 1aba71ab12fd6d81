/** A reason not to run that a person can act on: printed as one line, without a stack, before exit 1. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}

/** The first line of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}

/** Whether something cannot listen because another listens there: in the words of Node, of workerd, or our own. */
export function isAddressInUse(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE" || (error instanceof StartFailure && /EADDRINUSE|address already in use/i.test(error.message));
}

/** The system error code (`EADDRINUSE`, `ENOENT`, …) of what was thrown, if it has one. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
