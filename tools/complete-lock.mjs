/**
 * Adds to package-lock.json the optional packages for other platforms that `npm install` left out.
 *
 * A registry may lack some of them (a mirror keeps what its own platform needs). `npm install` then drops them from
 * the lock, and `npm ci` refuses a lock that does not name every optional dependency. Run this after `npm install`;
 * with `--check` it changes nothing and exits 1 if something is missing. It runs on Node 20, before anything is
 * installed: hence plain JavaScript without imports from node_modules.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const operatingSystems = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openharmony: "openharmony",
  win32: "win32",
  windows: "win32",
};

const processors = {
  64: "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

const libraries = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/** `{os, cpu, libc}` as a package's name tells them (`@oxlint/binding-linux-arm64-gnu`); npm installs it nowhere else. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const pick = (table) => words.filter((word) => Object.hasOwn(table, word)).map((word) => table[word]);
  const [os] = pick(operatingSystems);
  const [cpu] = pick(processors);
  const [libc] = pick(libraries);
  if (os === undefined || cpu === undefined) throw new Error(`${name}: its name does not tell its platform`);
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Where a package at `from` finds `name`, as Node looks for it: beside itself first, then outwards. */
function find(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return path;
    if (folder === "") return null;
  }
}

/** The entries that a lock's `packages` lack: path → entry. */
export function missingEntries(packages) {
  const missing = {};
  for (const [from, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      const found = find(packages, from, name);
      // A range is matched by npm itself; only exact versions, as platform packages have them, are compared.
      const exact = /^\d+\.\d+\.\d+/.test(range);
      if (found !== null && (!exact || packages[found].version === range)) continue;
      if (!exact) throw new Error(`${from} wants ${name}@${range}: the lock lacks it, and a range names no version`);
      const path = found === null ? `node_modules/${name}` : `${from}/node_modules/${name}`;
      missing[path] = { version: range, ...platformOf(name), optional: true };
    }
  }
  return missing;
}

function main() {
  const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(path, "utf8"));
  const missing = missingEntries(lock.packages);
  const names = Object.keys(missing);
  const resolved = Object.keys(lock.packages).filter((key) => lock.packages[key].resolved !== undefined);
  if (resolved.length > 0) {
    console.error(`package-lock.json names a registry for ${resolved.join(", ")}: see omit-lockfile-registry-resolved in .npmrc`);
    process.exitCode = 1;
  } else if (names.length === 0) {
    console.log("package-lock.json names every optional package");
  } else if (process.argv.includes("--check")) {
    console.error(`package-lock.json lacks ${names.join(", ")}: run node tools/complete-lock.mjs`);
    process.exitCode = 1;
  } else {
    const [root, ...others] = Object.entries({ ...lock.packages, ...missing });
    others.sort(([left], [right]) => left.localeCompare(right, "en"));
    writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries([root, ...others]) }, null, 2)}\n`);
    console.log(`added ${names.length} packages of other platforms to package-lock.json`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
