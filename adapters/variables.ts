/** A Worker's environment read by name; a binding that is not text, or is empty, counts as not set. */
export function readVariable(env: object, name: string): string | null {
  const value: unknown = Object.hasOwn(env, name) ? Reflect.get(env, name) : null;
  return typeof value === "string" && value !== "" ? value : null;
}
