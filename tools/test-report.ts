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

const reportSchema = z.object({
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
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

function parse(text: string): z.infer<typeof reportSchema>["testResults"] {
  try {
    return reportSchema.parse(JSON.parse(text)).testResults;
  } catch {
    return [];
  }
}
