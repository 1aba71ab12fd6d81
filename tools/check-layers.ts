/** Checks every import line of every layer. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { layers, violations } from "./layers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = Object.keys(layers).flatMap((layer) =>
  globSync(`${layer}/**/*.{ts,tsx}`, { cwd: root, exclude: (name) => /(?:^|\/)(?:node_modules|dist)(?:\/|$)/.test(name) }),
);
const found = files.flatMap((file) => violations(file.replaceAll("\\", "/"), readFileSync(path.join(root, file), "utf8")));
for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
else console.log(`${files.length} files keep their layers`);
