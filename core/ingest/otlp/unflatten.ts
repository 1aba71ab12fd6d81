import type { AttributeValue } from "./attribute.ts";

/** A step on the way to a value: what stands below it, by name, or the value itself. */
interface Node {
  value: AttributeValue | undefined;
  readonly below: Map<string, Node>;
}

/** A path has no more steps than this; what is left of it is one name. */
const stepsMax = 12;

function newNode(): Node {
  return { value: undefined, below: new Map() };
}

/**
 * What attributes such as `0.message.role` stand for together: lists where all steps are numbers, in the order of those,
 * objects elsewhere. A large number makes no large list.
 */
export function unflatten(members: readonly (readonly [path: string, value: AttributeValue])[]): AttributeValue {
  const root = newNode();
  for (const [path, value] of members) {
    let node = root;
    const steps = path.split(".");
    for (const step of steps.length > stepsMax ? [...steps.slice(0, stepsMax - 1), steps.slice(stepsMax - 1).join(".")] : steps) {
      let next = node.below.get(step);
      if (next === undefined) {
        next = newNode();
        node.below.set(step, next);
      }
      node = next;
    }
    node.value = value;
  }
  return valueOf(root);
}

function valueOf({ value, below }: Node): AttributeValue {
  if (below.size === 0) return value ?? null;
  const names = [...below.keys()];
  const members = [...below].map(([name, node]): [string, AttributeValue] => [name, valueOf(node)]);
  if (value !== undefined) return Object.fromEntries([...members, ["", value]]);
  if (!names.every((name) => /^\d{1,9}$/.test(name))) return Object.fromEntries(members);
  return members.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, member]) => member);
}

/** OpenInference wraps each message, document and the like in its name, which says nothing in a list of them. */
const wrappers: ReadonlySet<string> = new Set(["message", "document", "tool", "tool_call", "embedding", "message_content", "prompt"]);

/** The same without objects of one field that is such a name. */
export function unwrap(value: AttributeValue): AttributeValue {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  const [only] = members;
  if (only !== undefined && members.length === 1 && wrappers.has(only[0])) return unwrap(only[1]);
  return Object.fromEntries(members.map(([name, member]) => [name, unwrap(member)]));
}
