import { html } from "hono/html";
import type { FieldRow } from "#core/openapi/field-rows.ts";
import { prose, type Html } from "./text.ts";

/** Fields of a body, an answer or an address, one a row. */
export function fieldTable(caption: string, rows: readonly FieldRow[], tellRequired: boolean): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${rows.map(
        ({ name, type, isRequired, notes }) =>
          html`<tr>
            <th scope="row">
              <code>${broken(name)}</code>${tellRequired && isRequired ? html` <span class="required">required</span>` : ""}
            </th>
            <td><span class="type">${type}</span>${notes.length === 0 ? "" : html` · ${notes.map((note) => html`${prose(note)} `)}`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A name that may break where it has a dot. */
function broken(name: string): Html[] {
  return name.split(/(?<=\.)/).map((part) => html`${part}<wbr />`);
}

/** Rows of a word and what it means. */
export function wordTable(caption: string, rows: readonly (readonly [string, string])[]): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${rows.map(
        ([word, meaning]) =>
          html`<tr>
            <th scope="row"><code>${word}</code></th>
            <td>${prose(meaning)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
