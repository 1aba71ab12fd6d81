import { wordsOf, type Bank, type Random } from "../random.ts";
import { topics, type TopicName } from "./topics.ts";
import { adjectives, adverbs, cities, coinCompany, coinName, firstNames, lastNames, nouns, verbs } from "./words.ts";

const determiners = wordsOf("the the the a your our this that each another any every their my its some");
const prepositions = wordsOf("of in for with on from to by at about after before without between under during against within near");
const modals = wordsOf("can should would could must may might will cannot");
const subjects = wordsOf("you you we they I it this somebody everyone people");
const connectors = [
  "because",
  "so",
  "but",
  "and",
  "while",
  "although",
  "as long as",
  "unless",
  "which means that",
  "even though",
  "once",
  "since",
] as const;
const openings = [
  "In that case",
  "As far as I can see",
  "From what you describe",
  "Most of the time",
  "At first",
  "To be on the safe side",
  "On the other hand",
  "For instance",
  "By default",
  "After that",
  "If nothing else helps",
  "In short",
  "As a rule",
  "Before you do so",
  "In practice",
] as const;

/** A person, as texts name one. */
export function fullName(random: Random): string {
  return `${random.pickCommon(firstNames)} ${random.pickCommon(lastNames)}`;
}

/** A reference as customers quote it. */
export function reference(random: Random): string {
  return `${random.characters("ABCDEFGHJKLMNPQRSTUVWXYZ", random.int(2, 3))}-${random.int(1_000, 9_999_999)}`;
}

export function amount(random: Random): string {
  return `${random.pick(["$", "€", "£"])}${random.logNormal(90, 1.4).toFixed(2)}`;
}

function dateText(random: Random): string {
  const months = wordsOf("January February March April May June July August September October November December");
  return random.chance(0.5)
    ? `${random.int(1, 28)} ${random.pick(months)}`
    : `2026-${String(random.int(1, 12)).padStart(2, "0")}-${String(random.int(1, 28)).padStart(2, "0")}`;
}

function thirdPerson(verb: string): string {
  if (/(?:s|sh|ch|x|z)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

function past(verb: string): string {
  if (verb.endsWith("e")) return `${verb}d`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`;
}

function progressive(verb: string): string {
  return verb.endsWith("e") && !verb.endsWith("ee") ? `${verb.slice(0, -1)}ing` : `${verb}ing`;
}

/** A term of the topic, or an everyday word. */
export function thing(random: Random, topic: TopicName): string {
  return random.chance(0.4) ? random.pickCommon<string>(topics[topic].terms).replaceAll("-", " ") : random.pickCommon(nouns);
}

/** Of a phrase that a verb may follow: it is in the singular. */
const subjectDepth = 2;

function nounPhrase(random: Random, topic: TopicName, depth: number): string {
  const kind = random.unit();
  if (kind < 0.05) return fullName(random);
  if (kind < 0.09) return random.chance(0.5) ? coinCompany(random) : coinName(random);
  if (kind < 0.12) return random.pickCommon(cities);
  if (kind < 0.15) return reference(random);
  if (depth < subjectDepth && kind < 0.2) return `${random.int(2, 480)} ${thing(random, topic)}s`;
  if (kind < 0.22) return amount(random);
  let phrase = random.chance(0.42) ? `${random.pickCommon(adjectives)} ${thing(random, topic)}` : thing(random, topic);
  const determiner = random.pick(determiners);
  phrase = `${determiner === "a" && /^[aeiou]/.test(phrase) ? "an" : determiner} ${phrase}`;
  if (random.chance(0.18)) phrase += ` ${random.pickCommon(nouns)}`;
  if (depth > 0 && random.chance(0.3)) phrase += ` ${random.pickCommon(prepositions)} ${nounPhrase(random, topic, depth - 1)}`;
  return phrase;
}

function verbPhrase(random: Random, topic: TopicName): string {
  const verb = random.pickCommon(verbs);
  const kind = random.unit();
  const adverb = random.chance(0.2) ? `${random.pickCommon(adverbs)} ` : "";
  const object = nounPhrase(random, topic, 1);
  if (kind < 0.3) return `${random.pick(modals)} ${adverb}${verb} ${object}`;
  if (kind < 0.5) return `${adverb}${past(verb)} ${object}`;
  if (kind < 0.62) return `is ${adverb}${progressive(verb)} ${object}`;
  if (kind < 0.74) return `has ${adverb}${past(verb)} ${object}`;
  if (kind < 0.84) return `is ${adverb}${random.pickCommon(adjectives)} ${random.pick(["for", "without", "with"])} ${object}`;
  return `${adverb}${thirdPerson(verb)} ${object}`;
}

function clause(random: Random, topic: TopicName): string {
  if (random.chance(0.35)) {
    const verb = random.pickCommon(verbs);
    return `${random.pick(subjects)} ${random.pick(modals)} ${verb} ${nounPhrase(random, topic, 1)}`;
  }
  return `${nounPhrase(random, topic, subjectDepth)} ${verbPhrase(random, topic)}`;
}

/** A clause that tells somebody what to do. */
export function instruction(random: Random, topic: TopicName): string {
  const tail = random.chance(0.45) ? ` ${random.pickCommon(prepositions)} ${nounPhrase(random, topic, 1)}` : "";
  return `${random.pickCommon(verbs)} ${nounPhrase(random, topic, 1)}${tail}`;
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** One sentence with its stop. */
export function sentence(random: Random, topic: TopicName): string {
  const kind = random.unit();
  let text: string;
  if (kind < 0.12) text = `${random.pick(openings)}, ${clause(random, topic)}`;
  else if (kind < 0.22) text = `if ${clause(random, topic)}, ${instruction(random, topic)}`;
  else if (kind < 0.3) text = instruction(random, topic);
  else text = clause(random, topic);
  if (random.chance(0.3)) text += `, ${random.pick(connectors)} ${clause(random, topic)}`;
  if (random.chance(0.08)) text += ` (${random.chance(0.5) ? dateText(random) : thing(random, topic)})`;
  if (random.chance(0.05)) text += `: ${thing(random, topic)}, ${thing(random, topic)} and ${thing(random, topic)}`;
  return `${capital(text)}${random.chance(0.06) ? "!" : "."}`;
}

export function paragraph(random: Random, topic: TopicName, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random, topic)).join(" ");
}

/** The first words of a conversation, as somebody types them. */
export function question(random: Random, topic: TopicName): string {
  const bank: Bank<string> = topics[topic].questions;
  const asked = random.pick(bank).replaceAll(/[@#$&]/g, (mark) => {
    if (mark === "@") return thing(random, topic);
    if (mark === "#") return String(Math.ceil(random.logNormal(8, 1.2)));
    return mark === "$" ? amount(random) : reference(random);
  });
  const context = random.chance(0.6) ? ` ${paragraph(random, topic, random.int(1, 3))}` : "";
  const greeting = random.chance(0.25) ? random.pick(["Hi, ", "hello, ", "Hey! ", "Good morning, ", "hi there, "]) : "";
  const stop = /^(?:where|why|how|what|when|which|can|is|do|who)\b|, (?:can|is|what|how|where|which|when)\b/.test(asked) ? "?" : ".";
  const text = `${greeting}${random.chance(0.5) ? asked : capital(asked)}${stop}${context}`;
  return random.chance(0.12) ? text.toLowerCase() : text;
}

/** What somebody says after an answer. */
export function reply(random: Random, topic: TopicName): string {
  const kind = random.unit();
  if (kind < 0.12)
    return random.pick(["yes please", "ok", "thanks, that worked", "go on", "no, the other one", "not quite", "can you do that for me"]);
  if (kind < 0.4)
    return `${random.pick(["and what about", "how do I find", "what is", "where do I see", "why is it", "is it about"])} ${nounPhrase(random, topic, 1)}?`;
  if (kind < 0.6) return `I tried to ${instruction(random, topic)} but ${clause(random, topic)}. ${sentence(random, topic)}`;
  return paragraph(random, topic, random.int(1, 3));
}

/** A model's answer of about so many sentences: paragraphs, steps, lists with headings. */
export function answer(random: Random, topic: TopicName, sentences: number): string {
  const parts: string[] = [];
  for (let left = sentences; left > 0;) {
    const size = Math.min(left, random.int(1, 4));
    const kind = random.unit();
    if (kind < 0.6 || size < 2) parts.push(paragraph(random, topic, size));
    else if (kind < 0.8)
      parts.push(Array.from({ length: size + 1 }, (_, index) => `${index + 1}. ${capital(instruction(random, topic))}.`).join("\n"));
    else parts.push(Array.from({ length: size }, () => `- **${capital(thing(random, topic))}**: ${sentence(random, topic)}`).join("\n"));
    left -= size;
  }
  if (random.chance(0.3)) parts.push(`Would you like me to ${instruction(random, topic)}?`);
  return parts.join("\n\n");
}
