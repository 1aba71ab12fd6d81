import { describe, test } from "vitest";
import { countReport } from "./test-report.ts";

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
