import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "vitest";
import { LoadConnection } from "./load-connection.ts";
import { sentAtText, streamEvents, type Workload } from "./workloads.ts";

/** Makes one call to a server that answers `answer`, and says how it ended and which events were timed. */
async function callOnce(workload: Workload, answer: string): Promise<{ ends: string[]; events: number[] }> {
  const server = createServer((socket) => socket.on("data", () => socket.write(answer)).on("error", () => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const ends: string[] = [];
  const events: number[] = [];
  const order = {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {},
    body: "{}",
    workload,
    connections: 1,
    everyMs: 0,
    leadInMs: 0,
    measureMs: 1,
  };
  const connection = new LoadConnection(
    order,
    (end) => ends.push(end.kind === "failed" ? end.reason : end.kind),
    (sentUs) => events.push(sentUs),
  );
  await connection.run(0);
  server.close();
  return { ends, events };
}

const answered = (status: string, body: string): string => `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const stream = (events: number): string => "data: {}\n\n".repeat(events) + "data: [DONE]\n\n";

test("an answer that is not a 200 is an error, however fast it came", async ({ expect }) => {
  expect(await callOnce("plain", answered("503 Busy", "x".repeat(200)))).toEqual({ ends: ["status 503"], events: [] });
});

test("a stream that lacks an event is an error", async ({ expect }) => {
  expect(await callOnce("stream", answered("200 OK", stream(streamEvents)))).toEqual({ ends: ["whole"], events: [] });
  expect(await callOnce("stream", answered("200 OK", stream(streamEvents - 1)))).toEqual({ ends: ["stream of 40 events"], events: [] });
});

test("a paced event is timed by the moment it carries, once", async ({ expect }) => {
  const event = `data: {"content":"${sentAtText(123_456)}"}\n\n`;
  expect(await callOnce("paced", answered("200 OK", event + stream(streamEvents - 1)))).toEqual({ ends: ["whole"], events: [123_456] });
});
