import { wordsOf, type Bank, type Random } from "../random.ts";
import { capital } from "./prose.ts";
import { adjectives, nouns, verbs } from "./words.ts";

/** A name as programs have them. */
export function identifier(random: Random): string {
  const second = random.chance(0.7) ? capital(random.pickCommon(nouns)) : "";
  return `${random.chance(0.5) ? random.pickCommon(verbs) : random.pickCommon(adjectives)}${capital(random.pickCommon(nouns))}${random.chance(0.3) ? second : ""}`;
}

function snake(random: Random): string {
  return `${random.pickCommon(nouns)}_${random.pickCommon(nouns)}`;
}

/** A path in a repository. */
export function filePath(random: Random): string {
  const folders = Array.from({ length: random.int(1, 3) }, () => random.pickCommon(nouns)).join("/");
  return `src/${folders}/${random.pickCommon(verbs)}-${random.pickCommon(nouns)}.${random.pick(wordsOf("ts ts tsx py sql go"))}`;
}

function value(random: Random): string {
  const kind = random.int(0, 6);
  if (kind === 0) return String(random.int(0, 5000));
  if (kind === 1) return `"${random.pickCommon(nouns)}-${random.pickCommon(adjectives)}"`;
  if (kind === 2) return `${identifier(random)}(${random.pickCommon(nouns)}, ${random.int(1, 90)})`;
  if (kind === 3) return `await ${identifier(random)}(${identifier(random)})`;
  if (kind === 4) return `[...${identifier(random)}].map(({ ${random.pickCommon(nouns)} }) => ${random.pickCommon(nouns)})`;
  return `${random.pickCommon(nouns)}.${identifier(random)}`;
}

const typescriptLines: Bank<(random: Random) => string> = [
  (random) => `const ${identifier(random)} = ${value(random)};`,
  (random) => `let ${random.pickCommon(nouns)} = ${value(random)};`,
  (random) => `if (${identifier(random)} === ${value(random)}) return ${value(random)};`,
  (random) =>
    `if (${random.pickCommon(nouns)}.${random.pickCommon(nouns)} > ${random.int(1, 999)}) {\n    ${random.pickCommon(nouns)} = ${value(random)};\n  }`,
  (random) => `for (const ${random.pickCommon(nouns)} of ${identifier(random)}) ${identifier(random)}(${random.pickCommon(nouns)});`,
  (random) => `throw new Error(\`${random.pickCommon(adjectives)} ${random.pickCommon(nouns)}: \${${random.pickCommon(nouns)}}\`);`,
  (random) =>
    `// ${capital(random.pickCommon(verbs))} the ${random.pickCommon(adjectives)} ${random.pickCommon(nouns)} before the ${random.pickCommon(nouns)}.`,
  (random) =>
    `${identifier(random)}.${random.pickCommon(verbs)}({ ${random.pickCommon(nouns)}: ${value(random)}, ${random.pickCommon(nouns)}: ${value(random)} });`,
];
const pythonLines: Bank<(random: Random) => string> = [
  (random) => `${snake(random)} = ${random.pickCommon(verbs)}_${random.pickCommon(nouns)}(${snake(random)}, ${random.int(0, 500)})`,
  (random) => `if not ${snake(random)}:\n        return ${random.pick(wordsOf("None False [] {} 0"))}`,
  (random) =>
    `for ${random.pickCommon(nouns)} in ${snake(random)}:\n        ${snake(random)}.append(${random.pickCommon(nouns)}["${random.pickCommon(nouns)}"])`,
  (random) =>
    `${random.pickCommon(nouns)} = {${random.pickCommon(nouns)}: ${random.pickCommon(nouns)} for ${random.pickCommon(nouns)} in ${snake(random)}}`,
  (random) => `logger.info("${random.pickCommon(verbs)} %s", ${snake(random)})`,
  (random) => `# ${random.pickCommon(adjectives)} ${random.pickCommon(nouns)} comes from ${snake(random)}`,
];

function body(random: Random, lines: Bank<(random: Random) => string>, count: number, indent: string): string {
  return Array.from({ length: count }, () => `${indent}${random.pick(lines)(random)}`).join("\n");
}

/** A function, a query or a class of about so many lines, without a fence. */
export function source(random: Random, lines: number): { readonly language: string; readonly text: string } {
  const kind = random.unit();
  if (kind < 0.55) {
    const parameter = random.pickCommon(nouns);
    const head = `export ${random.chance(0.4) ? "async " : ""}function ${identifier(random)}(${parameter}: ${capital(random.pickCommon(nouns))}): ${capital(random.pickCommon(nouns))} {`;
    return { language: "ts", text: `${head}\n${body(random, typescriptLines, lines, "  ")}\n}` };
  }
  if (kind < 0.85) {
    return {
      language: "python",
      text: `def ${snake(random)}(${snake(random)}, ${snake(random)}):\n${body(random, pythonLines, lines, "    ")}`,
    };
  }
  const table = snake(random);
  const columns = Array.from({ length: Math.max(2, Math.round(lines / 3)) }, () => `  ${table}.${snake(random)}`).join(",\n");
  const filter = `${snake(random)} >= ${random.int(1, 9_000)}`;
  return {
    language: "sql",
    text: `SELECT\n${columns},\n  count(*) AS ${random.pickCommon(nouns)}\nFROM ${table}\nJOIN ${snake(random)} USING (${snake(random)}_id)\nWHERE ${filter}\n  AND ${snake(random)} = '${random.pickCommon(adjectives)}'\nGROUP BY ${random.int(1, 4)}\nORDER BY ${snake(random)} DESC\nLIMIT ${random.int(10, 500)};`,
  };
}

export function fenced(random: Random, lines: number): string {
  const { language, text } = source(random, lines);
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
