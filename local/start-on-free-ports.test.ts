import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import { readEnvironment } from "./environment.ts";
import { serveHttp } from "./http/server.ts";
import { freePort } from "./ports.ts";
import type { Stop } from "./process/end-parts.ts";
import { untilReported } from "./process/node-child.ts";
import { openProcessRecord } from "./process/record.ts";
import { supervise } from "./process/supervise.ts";
import type { StartContext } from "./start-context.ts";
import { StartFailure } from "./start-failure.ts";
import { startOnFreePorts } from "./start-on-free-ports.ts";

const answer = async () => ({ status: 200, headers: {}, body: "" });

let directory: string;
let taken: Awaited<ReturnType<typeof serveHttp>>;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "evalforge-ports-"));
  taken = await serveHttp(await freePort(), answer);
});
afterEach(async () => {
  await taken.close();
  await rm(directory, { recursive: true, force: true });
});

async function open() {
  const said: string[] = [];
  const stops: Stop[] = [];
  const context: StartContext = {
    environment: readEnvironment({}, { repository: directory, workingDirectory: directory, arguments: [] }),
    repository: directory,
    progress: { say: (line) => said.push(line), ready: () => undefined, elapsedSeconds: () => "0" },
    supervision: {
      record: await openProcessRecord(directory),
      say: (line) => said.push(line),
      onGivenUp: (failure) => said.push(failure.message),
      isEnding: () => false,
    },
    onStarted: (stop) => stops.push(stop),
  };
  return { context, said, stops };
}

/** The code of a child as the stores are, that serves on a port. */
function childOn(port: number): string {
  const from = (path: string) => JSON.stringify(join(import.meta.dirname, path));
  return `
    import * as z from "zod";
    import { serveHttp } from ${from("http/server.ts")};
    import { runAsChild } from ${from("process/node-child.ts")};
    await runAsChild(z.null(), async () => (await serveHttp(${port}, async () => null)).close);
  `;
}

const again = "Another program has taken a port meanwhile; starting again on others";

describe("a start whose port another program takes meanwhile", () => {
  test("ends what had started, and begins anew on other ports", async ({ expect }) => {
    const { context, said, stops } = await open();
    const log: string[] = [];
    const ports = [taken.port, await freePort()];
    const started = await startOnFreePorts(context, async ({ onStarted }) => {
      const attempt = log.filter((line) => line.startsWith("start")).length;
      log.push(`start ${attempt}`);
      onStarted(async () => void log.push(`end ${attempt}`));
      const front = await serveHttp(ports[attempt] ?? 0, answer);
      onStarted(front.close);
      return front.port;
    });
    expect([started, log, said]).toEqual([ports[1], ["start 0", "end 0", "start 1"], [again]]);
    for (const stop of stops) await stop();
    expect(log).toEqual(["start 0", "end 0", "start 1", "end 1"]);
  });

  test("knows it by what a child reports", async ({ expect }) => {
    const { context, said } = await open();
    const child = supervise(
      {
        name: "Store",
        command: process.execPath,
        args: ["--input-type=module", "-e", childOn(taken.port)],
        environment: process.env,
        input: "null",
        untilReady: untilReported,
        advice: "Look at it.",
      },
      context.supervision,
    );
    let attempts = 0;
    await startOnFreePorts(context, async () => {
      attempts += 1;
      if (attempts === 1) await child;
    });
    expect([attempts, said]).toEqual([2, [again]]);
  });

  test.for([
    "PostgreSQL cannot start: listen EADDRINUSE: address already in use 127.0.0.1:33017. Look at it.",
    "Redis cannot start: address already in use 127.0.0.1:6379. Look at it.",
    "workerd of the app cannot start: Address already in use (127.0.0.1:8787). Look at it.",
  ])("is tried three times: %s", async (message, { expect }) => {
    const { context, said } = await open();
    await expect(
      startOnFreePorts(context, async () => {
        throw new StartFailure(message);
      }),
    ).rejects.toThrow(message);
    expect(said).toEqual([again, again]);
  });

  test("and one that the user chose is refused at once, as any other failure", async ({ expect }) => {
    const { context, said } = await open();
    const message = "Port 3000 is in use. Stop what listens there, or set PORT to another first port.";
    await expect(
      startOnFreePorts(context, async () => {
        throw new StartFailure(message);
      }),
    ).rejects.toThrow(message);
    expect(said).toEqual([]);
  });
});

test("a chosen port is none that the system hands out for outgoing connections", async ({ expect }) => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(ports.filter((port) => port < 20_000 || port >= 30_000)).toEqual([]);
});
