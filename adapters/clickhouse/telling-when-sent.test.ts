import { describe, test } from "vitest";
import { tellingWhenSent } from "./telling-when-sent.ts";

const bytes = new Uint8Array([1, 2, 3]);

function streamOf(onSent: () => void): ReadableStream<unknown> {
  const { body } = tellingWhenSent({ method: "POST", body: bytes }, onSent);
  if (!(body instanceof ReadableStream)) throw new Error("the body is no stream");
  return body;
}

describe("a body", () => {
  test("has gone out where more is asked for than there is, not where it was given", async ({ expect }) => {
    const told: string[] = [];
    const reader = streamOf(() => told.push("sent")).getReader();
    expect(told).toEqual([]);
    expect(await reader.read()).toEqual({ done: false, value: bytes });
    expect(told).toEqual([]);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(told).toEqual(["sent"]);
  });

  test("that is wanted no more goes out no further, and that is told", async ({ expect }) => {
    const told: string[] = [];
    await streamOf(() => told.push("sent")).cancel();
    expect(told).toEqual(["sent"]);
  });
});
