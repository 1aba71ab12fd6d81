import type { AttributeValue, Attributes } from "./attribute.ts";
import { families, places, type Fact, type Family } from "./sources.ts";

interface Said {
  readonly name: string;
  readonly value: AttributeValue;
  readonly rank: number;
}

/** The attributes of a span, sorted by what they say. */
export interface Collected {
  readonly facts: Map<Fact, Said>;
  /** By family, what follows its beginning, and the value. */
  readonly families: Map<Family, [path: string, value: AttributeValue][]>;
  /** Usage and cost as they were sent, by their own names. */
  readonly usage: [name: string, value: AttributeValue][];
  /** What says nothing that a span has a field for. */
  readonly rest: [name: string, value: AttributeValue][];
}

export function nothingCollected(): Collected {
  return { facts: new Map(), families: new Map(), usage: [], rest: [] };
}

/** The same, to be added to; lists are copied as well. */
export function copyOf({ facts, families, usage, rest }: Collected): Collected {
  const copied: Collected["families"] = new Map();
  for (const [family, members] of families) copied.set(family, [...members]);
  return { facts: new Map(facts), families: copied, usage: [...usage], rest: [...rest] };
}

const beginnings = Object.entries(families);

function isEqual(one: AttributeValue, other: AttributeValue): boolean {
  return one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
}

/** Adds attributes to what was collected. `handicap`: what was added before says a fact first, whatever its name. */
export function collect(into: Collected, attributes: Attributes, handicap = 0): void {
  for (const [name, value] of attributes) {
    const place = places.get(name);
    if (place === undefined) collectUnknown(into, name, value);
    else {
      if (place.isUsage) into.usage.push([name, value]);
      const rank = place.rank + handicap;
      const before = into.facts.get(place.fact);
      const isFirst = before === undefined || rank < before.rank;
      const loser = isFirst ? before : { name, value };
      if (isFirst) into.facts.set(place.fact, { name, value, rank });
      const isSaid = loser === undefined || place.isContent || place.isUsage || isEqual(loser.value, isFirst ? value : before.value);
      if (!isSaid) into.rest.push([loser.name, loser.value]);
    }
  }
}

function collectUnknown(into: Collected, name: string, value: AttributeValue): void {
  const found = beginnings.find(([beginning]) => name.startsWith(beginning));
  if (found === undefined) {
    into.rest.push([name, value]);
    return;
  }
  const [beginning, family] = found;
  const members = into.families.get(family);
  const member: [string, AttributeValue] = [name.slice(beginning.length), value];
  if (members === undefined) into.families.set(family, [member]);
  else members.push(member);
}
