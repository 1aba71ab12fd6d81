import { html } from "hono/html";

/** A piece of the page; whatever text is put into one is escaped. */
export type Html = ReturnType<typeof html>;

/** Text with what stands between backticks as code. */
export function prose(text: string): Html[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
