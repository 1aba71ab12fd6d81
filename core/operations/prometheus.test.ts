import fc from "fast-check";
import { test } from "vitest";
import { formatMetrics, type MetricFamily } from "./prometheus.ts";

/** Reads the text format back, by its rules alone; throws where a line breaks one. */
function parseMetrics(text: string): MetricFamily[] {
  const families: MetricFamily[] = [];
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("the last line must end in a line feed");
  for (let index = 0; index < lines.length;) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(lines[index] ?? "");
    const type = /^# TYPE (\S+) (counter|gauge)$/.exec(lines[index + 1] ?? "");
    const [, name = "", helpText = ""] = help ?? [];
    const [, typeName, kind] = type ?? [];
    if (help === null || typeName !== name || families.some((family) => family.name === name)) throw new Error(`line ${index}`);
    const samples = [];
    for (index += 2; index < lines.length && !(lines[index] ?? "").startsWith("#"); index += 1) {
      const sample = /^([^\s{]+)(?:\{(.*)\})? (-?[\d.e+-]+|NaN|[+-]Inf)$/.exec(lines[index] ?? "");
      if (sample?.[1] !== name) throw new Error(`no sample of ${name}: ${lines[index]}`);
      const labels: Record<string, string> = {};
      const list = sample[2] ?? "";
      const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(?:,|$)/y;
      while (pair.lastIndex < list.length) {
        const [, label, value] = pair.exec(list) ?? [];
        if (label === undefined || value === undefined) throw new Error(`labels: ${list}`);
        labels[label] = unescape(value);
      }
      samples.push({ labels, value: Number(sample[3]) });
    }
    families.push({ name, type: kind === "counter" ? "counter" : "gauge", help: unescape(helpText), samples });
  }
  return families;
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\n"])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

test("whatever labels and help hold, the text is read back as what it was made of", ({ expect }) => {
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  const family = fc.record({
    name,
    type: fc.constantFrom("counter" as const, "gauge" as const),
    help: fc.string({ unit: fc.constantFrom("a", " ", "\\", "\n", '"', "é") }),
    samples: fc.array(
      fc.record({
        labels: fc.dictionary(name, fc.string({ unit: fc.constantFrom("a", ",", "}", "\\", "\n", '"', "=", "é") }), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.uniqueArray(family, { selector: (each) => each.name, maxLength: 3 }), (families) => {
      expect(parseMetrics(formatMetrics(families))).toEqual(families);
    }),
  );
});

test("a metric without samples is left out", ({ expect }) => {
  expect(formatMetrics([{ name: "a", type: "gauge", help: "h", samples: [] }])).toBe("");
  expect(formatMetrics([{ name: "a_total", type: "counter", help: "h", samples: [{ labels: {}, value: 1 }] }])).toBe(
    "# HELP a_total h\n# TYPE a_total counter\na_total 1\n",
  );
});
