/** A reason not to run that a person can act on: printed as one line, without a stack, before exit 1. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}

/** The first line of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}

/** The system error code (`EADDRINUSE`, `ENOENT`, …) of what was thrown, if it has one. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
