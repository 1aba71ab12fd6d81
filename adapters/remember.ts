/** Keeps a value as the newest of at most `max`; the oldest makes room. */
export function remember<Value>(into: Map<string, Value>, max: number, name: string, value: Value): void {
  into.delete(name);
  if (into.size >= max) {
    const [oldest] = into.keys();
    if (oldest !== undefined) into.delete(oldest);
  }
  into.set(name, value);
}
