import { describe, test } from "vitest";
import { defaultRouting, defaultTimeouts, readCallHeaders } from "./call-headers.ts";

const read = (headers: Record<string, string>) => readCallHeaders(Object.entries(headers));
const none = {
  kind: "headers",
  traceId: null,
  parentSpanId: null,
  sessionId: "",
  userId: "",
  environment: "",
  release: "",
  name: "",
  tags: [],
  metadata: {},
  timeouts: defaultTimeouts,
  routing: defaultRouting,
};

describe("readCallHeaders", () => {
  test("a call without headers of ours is a call", ({ expect }) => {
    expect(read({})).toEqual(none);
  });

  test("reads every header of ours", ({ expect }) => {
    expect(
      read({
        "x-evalforge-trace-id": "0AF7651916CD43DD8448EB211C80319C",
        "x-evalforge-session-id": "s",
        "x-evalforge-user-id": "u",
        "x-evalforge-tags": "a, b,",
        "x-evalforge-metadata": '{"plan":"pro","seats":3,"trial":false}',
        "x-evalforge-idle-timeout-ms": "1500",
      }),
    ).toEqual({
      ...none,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      sessionId: "s",
      userId: "u",
      tags: ["a", "b"],
      metadata: { plan: "pro", seats: 3, trial: false },
      timeouts: { ...defaultTimeouts, idleMs: 1500 },
    });
  });

  test("joins a W3C trace, and ignores one that is not well-formed", ({ expect }) => {
    expect(read({ traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" })).toEqual({
      ...none,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      parentSpanId: "b7ad6b7169203331",
    });
    expect(read({ traceparent: "00-00000000000000000000000000000000-b7ad6b7169203331-01" })).toEqual(none);
  });

  test("takes the names that users of other gateways send", ({ expect }) => {
    expect(read({ "helicone-session-id": "s", "helicone-user-id": "u", "cf-aig-metadata": '{"a":1}' })).toEqual({
      ...none,
      sessionId: "s",
      userId: "u",
      metadata: { a: 1 },
    });
  });

  test("another gateway's trace id that is none here holds its calls together as a session", ({ expect }) => {
    expect(read({ "x-portkey-trace-id": "my-trace-1" })).toEqual({ ...none, sessionId: "my-trace-1" });
    const uuid = "0af76519-16cd-43dd-8448-eb211c80319c";
    expect(read({ "x-portkey-trace-id": uuid })).toEqual({ ...none, traceId: "0af7651916cd43dd8448eb211c80319c" });
    expect(read({ "x-portkey-trace-id": "my-trace-1", "x-evalforge-session-id": "s", "cf-aig-metadata": '{"a":1}' })).toEqual({
      ...none,
      sessionId: "s",
      metadata: { a: 1, "x-portkey-trace-id": "my-trace-1" },
    });
    expect(read({ "x-portkey-trace-id": "my-trace-1", "helicone-session-id": "x".repeat(201) })).toEqual({
      ...none,
      sessionId: "my-trace-1",
      metadata: { "helicone-session-id": "x".repeat(201) },
    });
  });

  test("what another gateway takes never ends a call here: what is not ours to read is kept as metadata", ({ expect }) => {
    expect(read({ "x-portkey-metadata": '{"_user":"u","nested":{"a":[1]},"none":null,"seats":3}' })).toEqual({
      ...none,
      metadata: { _user: "u", nested: '{"a":[1]}', none: "null", seats: 3 },
    });
    const long = "x".repeat(201);
    expect(read({ "x-portkey-metadata": "plan=pro", "helicone-user-id": long, "x-portkey-trace-id": long })).toEqual({
      ...none,
      metadata: { "x-portkey-metadata": "plan=pro", "helicone-user-id": long, "x-portkey-trace-id": long },
    });
  });

  test.for([
    ["x-evalforge-trace-id", "short"],
    ["x-evalforge-metadata", "{"],
    ["x-evalforge-metadata", '{"nested":{}}'],
    ["x-evalforge-session-id", "x".repeat(201)],
    ["x-evalforge-total-timeout-ms", "0"],
    ["x-evalforge-idle-timeout-ms", "soon"],
  ] as const)("a wrong %s is refused by its name", ([name, value], { expect }) => {
    expect(read({ [name]: value })).toMatchObject({ kind: "failure", code: "invalid_header", param: name });
  });
});
