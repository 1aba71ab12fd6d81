import { describe, test } from "vitest";
import { countReport, listFailures } from "./test-report.ts";

const report = (...files: { status: string; results: string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, results }) => ({ status, assertionResults: results.map((result) => ({ status: result })) })),
  });

describe("countReport", () => {
  test("tests are counted by how they ended, over all files", ({ expect }) => {
    const text = report({ status: "passed", results: ["passed", "skipped"] }, { status: "failed", results: ["failed", "passed"] });
    expect(countReport(text)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  test("a file that could not be loaded is a failure", ({ expect }) => {
    const text = report({ status: "failed", results: [] }, { status: "passed", results: ["passed"] });
    expect(countReport(text)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test.for([null, "", "{", "[]", report(), report({ status: "passed", results: ["skipped"] })])(
    "a run that proved nothing is a failure: %j",
    (text, { expect }) => {
      expect(countReport(text)).toMatchObject({ passed: 0, failed: 1 });
    },
  );
});

describe("listFailures", () => {
  test("names each failed test and each file that could not be loaded, with the first line of why", ({ expect }) => {
    const text = JSON.stringify({
      testResults: [
        {
          name: "/a.test.ts",
          status: "failed",
          message: "",
          assertionResults: [
            { status: "passed", fullName: "adds", failureMessages: [] },
            { status: "failed", fullName: "subtracts", failureMessages: ["expected 1 to be 2\n    at a.test.ts:3"] },
          ],
        },
        { name: "/b.test.ts", status: "failed", message: "no such module\n  at b.test.ts:1", assertionResults: [] },
        { name: "/c.test.ts", status: "passed", message: "", assertionResults: [{ status: "passed", fullName: "divides" }] },
      ],
    });
    expect(listFailures(text)).toEqual(["/a.test.ts > subtracts: expected 1 to be 2", "/b.test.ts: no such module"]);
  });

  test("of a run without a report there is nothing to name", ({ expect }) => {
    expect(listFailures(null)).toEqual([]);
  });
});
