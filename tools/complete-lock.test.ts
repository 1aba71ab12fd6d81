import { describe, test } from "vitest";
import { missingEntries, platformOf } from "./complete-lock.mjs";

describe("platformOf", () => {
  test.for([
    ["@oxlint/binding-linux-x64-musl", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
    ["@oxfmt/binding-linux-arm-gnueabihf", { os: ["linux"], cpu: ["arm"], libc: ["glibc"] }],
    ["@oxfmt/binding-android-arm-eabi", { os: ["android"], cpu: ["arm"] }],
    ["@cloudflare/workerd-windows-64", { os: ["win32"], cpu: ["x64"] }],
    ["@chdb/lib-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
  ] as const)("%s is installed on its platform only", ([name, platform], { expect }) => {
    expect(platformOf(name)).toEqual(platform);
  });

  test("a name without a platform is refused, so that it is never installed everywhere", ({ expect }) => {
    expect(() => platformOf("left-pad")).toThrow("left-pad: its name does not tell its platform");
  });
});

describe("missingEntries", () => {
  test("every optional package of another platform gets an entry, and what is there stays as it is", ({ expect }) => {
    const packages = {
      "": { optionalDependencies: {} },
      "node_modules/tool": { version: "2.0.0", optionalDependencies: { "@tool/linux-x64": "2.0.0", "@tool/darwin-arm64": "2.0.0" } },
      "node_modules/@tool/linux-x64": { version: "2.0.0" },
    };
    expect(missingEntries(packages)).toEqual({
      "node_modules/@tool/darwin-arm64": { version: "2.0.0", os: ["darwin"], cpu: ["arm64"], optional: true },
    });
  });

  test("another version further up does not stand in for the one that a nested package wants", ({ expect }) => {
    const packages = {
      "node_modules/kit/node_modules/tool": { version: "1.0.0", optionalDependencies: { "@tool/darwin-x64": "1.0.0" } },
      "node_modules/@tool/darwin-x64": { version: "2.0.0" },
    };
    expect(missingEntries(packages)).toEqual({
      "node_modules/kit/node_modules/tool/node_modules/@tool/darwin-x64": {
        version: "1.0.0",
        os: ["darwin"],
        cpu: ["x64"],
        optional: true,
      },
    });
  });
});
