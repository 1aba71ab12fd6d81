import { asRecord } from "../../gateway/json.ts";
import type { Fields } from "./request-fields.ts";

/** Blocks and tools of these types are this dialect's own. Tools that the provider brings have a date in their type. */
const elementType =
  /^(?:(?:server_tool_use|container_upload|search_result|tool_reference|browser_state|document|(?:web_search|web_fetch|code_execution|bash_code_execution|text_editor_code_execution|tool_search)_tool_result)|\w+_\d{8})$/;
/** Below the place of a block or a tool, such as `messages.2.content.0 (server_tool_use)`. */
const elementName = /^([\w.]+)\.(\d+) \((\w+)\)$/;

/** Fields of the request, of a block and of a tool that are this dialect's own. */
export const ownFields = {
  request: new Set(["cache_control", "container", "diagnostics", "inference_geo", "speed"]),
  thinking: new Set(["type", "display"]),
  outputConfig: new Set(["effort", "format", "task_budget"]),
  block: new Set(["citations", "context", "transformations", "caller", "toolset_name"]),
  tool: new Set(["allowed_callers", "defer_loading", "eager_input_streaming", "input_examples"]),
} as const satisfies Record<string, ReadonlySet<string>>;

/** An extra, by its name in the conversation. */
interface Named {
  readonly name: string;
  readonly value: unknown;
  isTaken: boolean;
}

/**
 * A conversation's extras by where they stand in a request of this dialect. The writer takes those that it comes by;
 * the rest is of another dialect, or of no one.
 */
export class PlacedExtras {
  readonly #named: Named[] = [];
  /** By their object's path. */
  readonly #fields = new Map<string, (readonly [field: string, extra: Named])[]>();
  /** By their list's path. */
  readonly #elements = new Map<string, Map<number, readonly [element: Fields, extra: Named]>>();

  constructor(extras: ReadonlyMap<string, unknown>) {
    for (const [name, value] of extras) {
      const extra = { name, value, isTaken: false };
      this.#named.push(extra);
      const [, list, index, type] = name.endsWith(")") ? (elementName.exec(name) ?? []) : [];
      if (list !== undefined && type !== undefined) {
        const element = asRecord(value);
        if (element !== null && elementType.test(type)) this.#putElement(list, Number(index), [element, extra]);
        continue;
      }
      const dot = name.lastIndexOf(".");
      this.#putField(name.slice(0, Math.max(0, dot)), [name.slice(dot + 1), extra]);
    }
  }

  /** An object with its extras of these names. `path`: where it stands; the request itself stands at the empty one. */
  complete(fields: Fields, path: string, names: ReadonlySet<string>): Fields {
    const known = this.#fields.get(path);
    if (known === undefined) return fields;
    const completed: Record<string, unknown> = { ...fields };
    for (const [field, extra] of known) {
      if (!names.has(field)) continue;
      completed[field] = extra.value;
      extra.isTaken = true;
    }
    return completed;
  }

  /** A list with the elements that stand between its own; `write` gets each of these with its place. */
  completeList(list: readonly Fields[], path: string, write: (element: Fields, path: string) => Fields): Fields[] {
    if (this.#named.length === 0) return [...list];
    const elements = this.#elements.get(path);
    const completed: Fields[] = [];
    const takeHere = (): void => {
      for (let found = elements?.get(completed.length); found !== undefined; found = elements?.get(completed.length)) {
        const [element, extra] = found;
        completed.push(element);
        extra.isTaken = true;
      }
    };
    takeHere();
    for (const element of list) {
      completed.push(write(element, `${path}.${completed.length}`));
      takeHere();
    }
    return completed;
  }

  /** The names of those that nothing has taken. */
  untaken(): readonly string[] {
    return this.#named.flatMap(({ name, isTaken }) => (isTaken ? [] : [name]));
  }

  #putField(path: string, entry: readonly [field: string, extra: Named]): void {
    const known = this.#fields.get(path);
    if (known === undefined) this.#fields.set(path, [entry]);
    else known.push(entry);
  }

  #putElement(list: string, index: number, entry: readonly [element: Fields, extra: Named]): void {
    const known = this.#elements.get(list);
    if (known === undefined) this.#elements.set(list, new Map([[index, entry]]));
    else known.set(index, entry);
  }
}
