import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, test } from "vitest";
import * as z from "zod";
import { host } from "../ports.ts";
import { callNow } from "./calls-now.ts";
import { lanes } from "./lanes.ts";

const bodySchema = z.object({ model: z.string() });

interface Received {
  readonly key: string;
  readonly model: string;
  readonly length: number;
}

let server: Server;
let edge: string;
const received: Received[] = [];
let statusFor: (call: Received) => number = () => 200;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = { key: request.headers.authorization ?? "", model: bodySchema.parse(JSON.parse(body)).model, length: body.length };
      received.push(call);
      response.writeHead(statusFor(call)).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  edge = `http://${host}:${address.port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  received.length = 0;
  statusFor = () => 200;
});

const made = async (isSimulated: (provider: string) => boolean) =>
  await callNow({
    seed: "test",
    edges: { "us-east": edge, "us-west": edge, "eu-west": edge },
    keyTextOf: (app) => app,
    isSimulated,
  });

test("every application makes its calls with its own key", async ({ expect }) => {
  const all = lanes.reduce((sum, { calls }) => sum + calls, 0);
  expect(await made(() => true)).toEqual({ answered: all, refused: 0, failed: 0 });
  for (const { app, calls } of lanes) expect(received.filter(({ key }) => key === `Bearer ${app}`)).toHaveLength(calls);
});

test("a provider that is not simulated is not called: it would cost somebody's money", async ({ expect }) => {
  expect(await made((provider) => provider === "mistral")).toMatchObject({ refused: 0, failed: 0 });
  expect(new Set(received.map(({ model }) => model))).toEqual(new Set(["mistral/mistral-small-latest"]));
});

test("an application that is refused asks with less, and stops when even a little is refused", async ({ expect }) => {
  statusFor = ({ key }) => (key === "Bearer research" ? 429 : 200);
  const { refused, failed } = await made(() => true);
  const lengths = received.filter(({ key }) => key === "Bearer research").map(({ length }) => length);
  expect([refused, failed]).toEqual([lengths.length, 0]);
  expect(lengths.length).toBeLessThan(10);
  expect(lengths).toEqual(lengths.toSorted((left, right) => right - left));
});

test("any other answer is counted as failed, and the next call is made", async ({ expect }) => {
  statusFor = ({ key }) => (key === "Bearer summaries" ? 503 : 200);
  expect((await made(() => true)).failed).toBe(lanes.find(({ app }) => app === "summaries")?.calls);
});
