import type { StartTarget } from "../target.ts";

interface TargetRow {
  readonly title: string;
  /** Loaded only in the target's own process, so that no target carries the code of another. */
  readonly load: () => Promise<StartTarget>;
}

/** Everything that is measured, in the order of each round. */
export const targets = {
  direct: { title: "direct to the upstream", load: async () => (await import("./direct.ts")).direct },
  bare: { title: "bare pass-through Worker", load: async () => (await import("./bare.ts")).bare },
  pump: { title: "JavaScript pump Worker", load: async () => (await import("./pump.ts")).pump },
  evalforge: { title: "EvalForge", load: async () => (await import("./evalforge.ts")).evalforge },
  portkey: { title: "@portkey-ai/gateway", load: async () => (await import("./portkey.ts")).portkey },
  llms: { title: "@musistudio/llms", load: async () => (await import("./llms.ts")).llms },
} as const satisfies Record<string, TargetRow>;

export type TargetName = keyof typeof targets;
export const targetNames = ["direct", "bare", "pump", "evalforge", "portkey", "llms"] as const satisfies readonly TargetName[];
