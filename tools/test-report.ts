import * as z from "zod";

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(left: Counts, right: Counts): Counts {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed, skipped: left.skipped + right.skipped };
}

const resultSchema = z.object({
  status: z.string(),
  fullName: z.string().default(""),
  failureMessages: z.array(z.string()).nullish(),
});
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string().default(""),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(resultSchema),
    }),
  ),
});

/**
 * Counts one JSON report of vitest. A file that failed without a failed test (it could not be loaded) counts as one
 * failure, and so does a report that is missing (`null`), cannot be read or holds no test: a run that proved nothing.
 */
export function countReport(text: string | null): Counts {
  const files = text === null ? [] : parse(text);
  const counts = files.map((file): Counts => {
    const count = (status: string): number => file.assertionResults.filter((result) => result.status === status).length;
    const passed = count("passed");
    const failed = count("failed");
    return {
      passed,
      failed: failed === 0 && file.status === "failed" ? 1 : failed,
      skipped: file.assertionResults.length - passed - failed,
    };
  });
  const total = counts.reduce(add, nothing);
  return total.passed + total.failed === 0 ? { ...total, failed: 1 } : total;
}

const firstLine = (text: string | undefined): string => text?.split("\n", 1)[0] ?? "";

/** One line for each test, or file without a test, that failed: where, which, and the first line of why. */
export function listFailures(text: string | null): readonly string[] {
  const files = text === null ? [] : parse(text);
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((result) => result.status === "failed");
    if (failed.length === 0) return status === "failed" ? [`${name}: ${firstLine(message)}`] : [];
    return failed.map((result) => `${name} > ${result.fullName}: ${firstLine(result.failureMessages?.[0])}`);
  });
}

function parse(text: string): z.infer<typeof reportSchema>["testResults"] {
  try {
    return reportSchema.parse(JSON.parse(text)).testResults;
  } catch {
    return [];
  }
}
