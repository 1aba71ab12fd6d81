import type { Step } from "./step.ts";

/** Lint, with the rules that need types, and the layer rule. */
export const lint: readonly Step[] = [
  { name: "lint", command: ["oxlint"] },
  { name: "layers", command: ["node", "tools/check-layers.ts"] },
];

/** The compiler over the layers and over what they leave out: tests, tools and configuration (tsconfig.tests.json). */
export const types: readonly Step[] = [{ name: "types", command: ["tsc", "-b"] }];
