import { wordsOf, type Random } from "../random.ts";
import { fullName, paragraph, sentence, thing } from "./prose.ts";
import type { TopicName } from "./topics.ts";
import { filePath, identifier, source } from "./code.ts";
import { cities, coinCompany, coinName, firstNames, lastNames, nouns } from "./words.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A tool as a model is told of it, what it is called with and what it gives. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly properties: Fields;
  readonly call: (random: Random, topic: TopicName) => Fields;
  readonly result: (random: Random, topic: TopicName) => unknown;
}

const text = (description: string) => ({ type: "string", description });
const whole = (description: string) => ({ type: "integer", description });
const domains = wordsOf("com org net io co.uk de fr eu dev edu");

function timestamp(random: Random): string {
  return new Date(1_780_000_000_000 + random.int(0, 14_000_000_000)).toISOString();
}

function email(random: Random): string {
  return `${random.pick(firstNames)}.${random.pick(lastNames)}@${coinName(random)}.${random.pick(domains)}`.toLowerCase();
}

export function webAddress(random: Random): string {
  const path = Array.from({ length: random.int(1, 3) }, () => random.pickCommon(nouns)).join("-");
  return `https://${random.chance(0.6) ? "www." : ""}${coinName(random).toLowerCase()}.${random.pick(domains)}/${random.pickCommon(nouns)}/${path}`;
}

function orderRecord(random: Random, topic: TopicName): Fields {
  return {
    orderId: `${random.int(100, 999)}-${random.int(1_000_000, 9_999_999)}`,
    status: random.pick(wordsOf("paid packed shipped delivered returned cancelled on_hold")),
    placedAt: timestamp(random),
    customer: { id: `cus_${random.hex(12)}`, name: fullName(random), email: email(random), city: random.pick(cities) },
    lines: Array.from({ length: random.int(1, 4) }, () => ({
      sku: random.characters("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 8),
      title: `${coinName(random)} ${thing(random, topic)}`,
      quantity: random.int(1, 5),
      unitPrice: Number(random.logNormal(30, 1).toFixed(2)),
    })),
    carrier: { name: coinCompany(random), tracking: random.characters("0123456789", 14), eta: timestamp(random).slice(0, 10) },
    notes: random.chance(0.4) ? sentence(random, topic) : null,
  };
}

/** A passage of somebody's documents, as a search finds it. */
export function passage(random: Random, topic: TopicName): Fields {
  return {
    id: `doc_${random.hex(10)}`,
    title: `${thing(random, topic)} and ${thing(random, topic)}`,
    source: webAddress(random),
    score: Number((0.93 - random.exponential(0.07)).toFixed(6)),
    updatedAt: timestamp(random).slice(0, 10),
    text: paragraph(random, topic, random.int(3, 7)),
  };
}

export const tools = {
  lookUpOrder: {
    name: "look_up_order",
    description:
      "Finds an order with its lines, its customer and where it is. Ask for the number first when the customer has not given it.",
    properties: { orderId: text("The order's number"), includeHistory: { type: "boolean", description: "Also every change of status" } },
    call: (random) => ({ orderId: `${random.int(100, 999)}-${random.int(1_000_000, 9_999_999)}`, includeHistory: random.chance(0.3) }),
    result: orderRecord,
  },
  listInvoices: {
    name: "list_invoices",
    description: "Lists the invoices of an account, the newest first, with what is still open.",
    properties: { accountId: text("acct_…"), limit: whole("At most so many") },
    call: (random) => ({ accountId: `acct_${random.hex(14)}`, limit: random.int(3, 12) }),
    result: (random) =>
      Array.from({ length: random.int(2, 6) }, () => ({
        number: `INV-${random.int(10_000, 99_999)}`,
        issued: timestamp(random).slice(0, 10),
        total: Number(random.logNormal(400, 1.1).toFixed(2)),
        open: random.chance(0.2),
        currency: random.pick(wordsOf("EUR USD GBP")),
      })),
  },
  readFile: {
    name: "read_file",
    description: "Reads a file of the repository. Large files are cut after 400 lines.",
    properties: { path: text("From the root of the repository"), from: whole("First line"), to: whole("Last line") },
    call: (random) => ({ path: filePath(random), from: 1, to: random.int(40, 400) }),
    result: (random) => source(random, random.int(12, 45)).text,
  },
  runTests: {
    name: "run_tests",
    description: "Runs the tests of a folder and gives what failed.",
    properties: { folder: text("The folder"), filter: text("Only tests whose name holds this") },
    call: (random) => ({ folder: filePath(random).replace(/\/[^/]+$/, ""), filter: random.pickCommon(nouns) }),
    result: (random, topic) => ({
      passed: random.int(3, 240),
      failed: Array.from({ length: random.int(0, 3) }, () => ({
        file: filePath(random),
        line: random.int(5, 420),
        name: sentence(random, topic),
        message: `expected ${random.int(0, 999)}, received ${random.int(0, 999)} at ${identifier(random)}`,
      })),
      durationMs: random.int(220, 48_000),
    }),
  },
  searchWeb: {
    name: "search_web",
    description: "Searches the web. Gives titles, addresses and the passages that fit best.",
    properties: {
      query: text("What to search for"),
      count: whole("How many results"),
      since: text("Only pages that changed after this day"),
    },
    call: (random, topic) => ({
      query: `${thing(random, topic)} ${thing(random, topic)} ${random.pickCommon(nouns)}`,
      count: random.int(3, 8),
    }),
    result: (random, topic) =>
      Array.from({ length: random.int(2, 5) }, () => ({
        title: sentence(random, topic),
        url: webAddress(random),
        snippet: paragraph(random, topic, 2),
      })),
  },
  readPage: {
    name: "read_page",
    description: "Reads a page as text.",
    properties: { url: text("Its address") },
    call: (random) => ({ url: webAddress(random) }),
    result: (random, topic) => paragraph(random, topic, random.int(8, 22)),
  },
  queryTable: {
    name: "query_table",
    description: "Runs a read-only SQL query over the warehouse and gives at most 20 rows.",
    properties: { sql: text("One SELECT") },
    call: (random) => ({
      sql: `SELECT ${random.pickCommon(nouns)}, sum(${random.pickCommon(nouns)}) FROM ${random.pickCommon(nouns)}s GROUP BY 1 LIMIT ${random.int(5, 20)}`,
    }),
    result: (random) =>
      Array.from({ length: random.int(3, 10) }, () => [
        coinCompany(random),
        random.pick(cities),
        random.int(1, 90_000),
        Number(random.logNormal(2_000, 1.3).toFixed(2)),
      ]),
  },
} as const satisfies Record<string, Tool>;
