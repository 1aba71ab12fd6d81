/** The same binding with some of its methods replaced; all others are its own. */
export function replacing<Binding extends object>(binding: Binding, methods: Readonly<Partial<Record<keyof Binding, unknown>>>): Binding {
  const replaced = new Map<string | symbol, unknown>(Object.entries(methods));
  return new Proxy(binding, {
    get(target, name): unknown {
      const own: unknown = replaced.get(name) ?? Reflect.get(target, name);
      return typeof own === "function" && !replaced.has(name) ? own.bind(target) : own;
    },
  });
}
