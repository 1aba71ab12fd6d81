import { dialects, wires, type Dialect } from "../wire/wire.ts";
import type { Verdict } from "./cell.ts";
import type { Feature } from "./feature.ts";

const introduction = `# Compatibility

What a client gets through the gateway, by the API that it speaks, by the API that its provider is called in, and by feature. A
test run writes this page: each cell is what real calls through the whole running system came to, plain and streamed, with a
provider on a real socket that was looked at from the other side. A cell that does something else than it says fails the test.

\`\`\`sh
npx vitest run -c tests/vitest.config.ts tests/compatibility.test.ts --update
\`\`\`

The features are a table, [\`tests/harness/features/\`](../tests/harness/features). The providers are OpenAI (chat completions,
responses) and Anthropic (messages); others that speak chat completions may take more of it.

| a cell | means |
| --- | --- |
| passed | the provider is asked for it in its own words, and the client is told of it in its own |
| refused by name | the provider's API cannot say it: 400 \`unsupported_field\`, which names the field; with \`x-evalforge-unsupported: drop\` the call goes out without it, and the answer names it in \`x-evalforge-dropped\` |
| not offered | the client's API does not have it, or the provider's never answers with it |

Where both sides speak the same API, the bytes of the request pass as they came but for the model's name, and so do the bytes of
the answer.
`;

/** What was found of one cell. */
export type Found = (feature: Feature, caller: Dialect, provider: Dialect) => Verdict | "failed";

/** The page, with a table for each API that clients speak. */
export function markdownOf(features: readonly Feature[], found: Found): string {
  return [introduction, ...dialects.map((caller) => section(features, found, caller))].join("\n");
}

function section(features: readonly Feature[], found: Found, caller: Dialect): string {
  const remarks: string[] = [];
  const mark = (remark: string): string => {
    if (!remarks.includes(remark)) remarks.push(remark);
    return ` [${remarks.indexOf(remark) + 1}]`;
  };
  const rows = features.map((feature) => {
    const cells = dialects.map((provider) => {
      const remark = feature.remarks?.[`${caller} > ${provider}`];
      return found(feature, caller, provider) + (remark === undefined ? "" : mark(remark));
    });
    return row([feature.name, ...cells]);
  });
  const head = [
    row(["feature", ...dialects.map((provider) => `to ${wires[provider].title}`)]),
    row(Array(dialects.length + 1).fill("---")),
  ];
  const notes = remarks.map((remark, index) => `${index + 1}. ${remark}`);
  const title = `## A client of ${wires[caller].title}\n`;
  return [title, ...head, ...rows, ...(notes.length === 0 ? [] : ["", ...notes]), ""].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
