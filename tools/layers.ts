/**
 * Who may import whom. The compiler's project references say the same for types; this also covers tests, packages and
 * relative paths that leave their layer.
 */
import path from "node:path";

interface Layer {
  /** Folders, from the root, that its files may import from, besides itself. */
  readonly imports: readonly string[];
  /** The only packages that it may import; `null`: any. Tests may always import any. */
  readonly packages: readonly string[] | null;
  /** What its tests may import on top. */
  readonly testImports: readonly string[];
}

const engines = ["core", "adapters", "migrations", "local"];

/** `core < adapters < durable-objects, queues < workers`; the others stand outside. */
export const layers: Readonly<Record<string, Layer>> = {
  core: { imports: [], packages: ["zod"], testImports: [] },
  adapters: { imports: ["core"], packages: null, testImports: engines },
  "durable-objects": { imports: ["core", "adapters"], packages: null, testImports: engines },
  queues: { imports: ["core", "adapters"], packages: null, testImports: engines },
  workers: { imports: ["core", "adapters", "durable-objects", "queues"], packages: null, testImports: engines },
  migrations: { imports: ["core", "adapters"], packages: null, testImports: engines },
  dashboard: { imports: ["core/contracts"], packages: null, testImports: [] },
  local: { imports: ["core", "migrations"], packages: null, testImports: ["adapters"] },
  tests: { imports: ["core/contracts"], packages: null, testImports: [] },
};

/** `import … from "x"`, `export … from "x"` and the last line of those over several, `import "x"`, `import("x")`. */
const importLine = /^(?:import|export|\})(?:[^"'\n]*\sfrom)?\s*["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']/gm;
const testFile = /\.(?:test|fixture)\.tsx?$/;

/** What is wrong with the imports of one file; `file` is its path from the root, with forward slashes. */
export function violations(file: string, source: string): string[] {
  const home = file.slice(0, file.indexOf("/"));
  const layer = layers[home];
  if (layer === undefined) return [`${file}: ${home} is no layer: add it to tools/layers.ts`];
  const isTest = testFile.test(file);
  const allowed = [home, ...layer.imports, ...(isTest ? layer.testImports : [])];
  const found: string[] = [];
  for (const [, whole, late] of source.matchAll(importLine)) {
    const specifier = whole ?? late ?? "";
    const target = targetOf(file, specifier);
    if (target.kind === "package") {
      if (layer.packages !== null && !isTest && !layer.packages.includes(target.name)) {
        found.push(`${file}: ${home} may import only ${layer.packages.join(", ")}, not ${specifier}`);
      }
    } else if (!allowed.some((folder) => target.path.startsWith(`${folder}/`))) {
      found.push(`${file}: ${home} may not import ${specifier}`);
    } else if (target.through === "relative" && !target.path.startsWith(`${home}/`) && home !== "dashboard") {
      found.push(`${file}: write ${specifier} as #${target.path}, so that the line names its layer`);
    }
  }
  return found;
}

type Target = { kind: "package"; name: string } | { kind: "file"; path: string; through: "relative" | "alias" };

function targetOf(file: string, specifier: string): Target {
  if (specifier.startsWith("#")) return { kind: "file", path: specifier.slice(1), through: "alias" };
  if (specifier.startsWith(".")) {
    return { kind: "file", path: path.posix.join(path.posix.dirname(file), specifier), through: "relative" };
  }
  return {
    kind: "package",
    name: specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/"),
  };
}
