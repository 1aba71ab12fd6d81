import { describe, test } from "vitest";
import { Deadline } from "./deadline.ts";

const timeouts = { firstTokenMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

describe("a client that goes away", () => {
  test("ends the wait for the upstream, and says why", async ({ expect }) => {
    const deadline = new Deadline(timeouts, Date.now());
    const waiting = deadline.limit(new Promise(() => {}));
    deadline.clientClosed(0, Date.now());
    expect([await waiting, deadline.failure?.code]).toEqual(["stopped", "client_closed"]);
  });

  test("under the policy to drain ends the wait only when its time is up, and as the client's doing", async ({ expect }) => {
    const deadline = new Deadline(timeouts, Date.now());
    const waiting = deadline.limit(new Promise(() => {}));
    deadline.clientClosed(30, Date.now());
    expect(deadline.failure).toBe(null);
    expect([await waiting, deadline.failure?.code]).toEqual(["stopped", "client_closed"]);
  });

  test("after the call is over stops nothing: what the call held is let go", ({ expect }) => {
    const deadline = new Deadline(timeouts, Date.now());
    let stops = 0;
    deadline.onStop(() => {
      stops += 1;
    });
    deadline.clear();
    deadline.clientClosed(0, Date.now());
    expect(stops).toBe(0);
  });
});
