import { describe, test } from "vitest";
import { endParts } from "./end-parts.ts";

describe("endParts", () => {
  test("ends the last started first, and each when the one before has ended", async ({ expect }) => {
    const said: string[] = [];
    const part = (name: string) => async () => {
      said.push(`${name} ends`);
      await Promise.resolve();
      said.push(`${name} has ended`);
    };
    await endParts([part("store"), part("workers")], 60_000);
    expect(said).toEqual(["workers ends", "workers has ended", "store ends", "store has ended"]);
  });

  test("one that hangs, or fails, holds up none of the others, and is waited for at the end", async ({ expect }) => {
    const hang = Promise.withResolvers<void>();
    const said: string[] = [];
    const ended = endParts(
      [
        async () => {
          said.push("store");
          hang.resolve();
          await Promise.resolve();
        },
        async () => await Promise.reject(new Error("gone")),
        async () => {
          await hang.promise;
          said.push("workers");
        },
      ],
      1,
    );
    await ended;
    expect(said).toEqual(["store", "workers"]);
  });
});
