import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, test } from "vitest";
import { createApiKey } from "#core/contracts/api/api-keys.ts";
import { createKey } from "#core/contracts/api/keys.ts";
import { getTrace } from "#core/contracts/api/traces.ts";
import { control } from "./harness/control-api.ts";
import { findProgram } from "./harness/programs.ts";
import { startSystem, type RunningSystem } from "./harness/running-system.ts";
import { until } from "./harness/until.ts";

const run = promisify(execFile);
const hasShell = findProgram("curl") !== null && findProgram("bash") !== null;
let system: RunningSystem;

beforeAll(async () => {
  if (hasShell) system = await startSystem();
});
afterAll(async () => {
  await system?.remove();
});

/** The page's lines, in its order, by what their labels say. */
function linesOf(page: string): Map<string, string> {
  const entities: Readonly<Record<string, string>> = { quot: '"', lt: "<", gt: ">", "#39": "'", amp: "&" };
  const plain = (text: string) => text.replaceAll(/&(quot|lt|gt|#39|amp);/g, (_, name: string) => entities[name] ?? "").trim();
  return new Map(
    [...page.matchAll(/<pre[^>]*aria-label="(?:curl line of )?([^"]+)"[^>]*>([^<]*)<\/pre/g)].map(([, label = "", text = ""]) => [
      label,
      plain(text),
    ]),
  );
}

/** What a line answers, pasted into a shell. */
async function paste(line: string, env: Readonly<Record<string, string>>): Promise<{ status: number; body: string }> {
  const asked = line.replace(/^curl /, "curl -s -w '\\n%{http_code}' ");
  const { stdout } = await run("bash", ["-c", asked], { env: { PATH: process.env["PATH"], ...env } });
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

/** A span whose payload is not in its row, so that the page's line for payloads has something to read. */
async function tellTrace(): Promise<{ readonly traceId: string; readonly sha256: string }> {
  const traceId = randomUUID().replaceAll("-", "");
  const event = { traceId, name: "large", startedAtMs: Date.now(), input: "x".repeat(100_000), userId: "ada", sessionId: "s" };
  const headers = { authorization: `Bearer ${system.local.apiKey}` };
  await fetch(`${system.local.url}/v1/events`, { method: "POST", headers, body: JSON.stringify({ events: [event] }) });
  const input = await until("a large payload", 30_000, async () => {
    const { spans } = await control(system, getTrace, { params: { traceId } }).catch(() => ({ spans: [] }));
    return spans[0]?.input ?? null;
  });
  if (input.kind !== "reference") throw new Error(input.kind);
  return { traceId, sha256: input.sha256 };
}

/** These ask for what only a fault makes. */
const needFaults = ["getDeadLetter", "replayDeadLetter", "discardDeadLetter"];

test.skipIf(!hasShell)(
  `every line of /docs works when it is pasted${hasShell ? "" : " (skipped: there is no curl or bash)"}`,
  // Fifty shells, one after the other.
  { timeout: 300_000 },
  async ({ expect }) => {
    const { local } = system;
    const lines = linesOf(await (await fetch(`${local.apiUrl}/docs`)).text());
    const { traceId, sha256 } = await tellTrace();
    const { keyId } = await control(system, createKey, { body: { name: "for the page" } });
    const apiKey = await control(system, createApiKey, { body: { name: "for the page", scopes: ["read"] } });
    const env = {
      EVALFORGE_ADMIN_KEY: local.adminKey,
      EVALFORGE_PROJECT_ID: local.projectId,
      EVALFORGE_URL: local.url,
      EVALFORGE_API_KEY: local.apiKey,
      KEY_ID: keyId,
      TRACE_ID: traceId,
      SHA256: sha256,
      SESSION_ID: "s",
      USER_ID: "ada",
    };
    // The last of the variables is asked for by the page's own line.
    const organization = /^export EVALFORGE_ORGANIZATION_ID=[^]*$/m.exec(lines.get("variables") ?? "")?.[0] ?? "";
    const { stdout } = await run("bash", ["-c", `${organization}\necho "$EVALFORGE_ORGANIZATION_ID"`], {
      env: { PATH: process.env["PATH"], ...env },
    });
    const whole = { ...env, EVALFORGE_ORGANIZATION_ID: stdout.trim() };

    const answered: [string, number, string][] = [];
    let limitId = "";
    for (const [label, line] of lines) {
      if (label === "variables" || needFaults.includes(label)) continue;
      const { status, body } = await paste(line, {
        ...whole,
        LIMIT_ID: limitId,
        ...(label === "revokeApiKey" ? { KEY_ID: apiKey.keyId } : {}),
      });
      // The lines after one that makes a limit are about that limit.
      limitId = /"limitId":"([^"]+)"/.exec(body)?.[1] ?? limitId;
      answered.push([label, status, body]);
    }
    expect(answered.filter(([, status]) => status < 200 || status > 299)).toEqual([]);
    expect(answered.length).toBeGreaterThan(45);
    // Whatever is sent is taken as a whole.
    expect(answered.find(([label]) => label === "/v1/events")?.[2]).toBe('{"accepted":1,"rejected":[]}');
  },
);
