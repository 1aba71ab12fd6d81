import { parseModuleFallbackRequest, Response, type Request } from "miniflare";
import type { WorkerName } from "./configurations.ts";
import type { Bundles } from "./layout.ts";

const workers = ["gateway", "ingest", "app"] as const satisfies readonly WorkerName[];

/**
 * A Worker's main module, which only names where its code is. With all code of eight Workers in its configuration,
 * Miniflare copies those megabytes anew for each further line of it: a second and a half of a start.
 */
export function mainModuleOf(name: WorkerName): string {
  const from = JSON.stringify(`./${codeNameOf(name)}`);
  return `export * from ${from}; export { default } from ${from};`;
}

/** Answers workerd, which asks for the modules that its configuration lacks. */
export function codeServiceOf(bundles: Bundles): (request: Request) => Promise<Response> {
  const modules = new Map(workers.map((name) => [`/${codeNameOf(name)}`, bundles[name]]));
  return async (request) => {
    const asked = await parseModuleFallbackRequest(request);
    const esModule = modules.get(asked?.specifier ?? "");
    if (asked === null || esModule === undefined) return new Response("no such module", { status: 404 });
    return Response.json({ name: asked.specifier.slice(1), esModule });
  };
}

function codeNameOf(name: WorkerName): string {
  return `${name}-code.js`;
}
