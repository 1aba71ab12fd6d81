import type * as z from "zod";

/** The home region's database of a running system. */
export class Database {
  readonly #url: string;
  readonly #authorization: string;

  /** `clickhouseUrl` is `http://user:password@host:port`. */
  constructor(clickhouseUrl: string, database: string) {
    const { origin, username, password } = new URL(clickhouseUrl);
    this.#url = `${origin}/?database=${database}`;
    this.#authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  }

  async run(query: string): Promise<string> {
    const answer = await fetch(`${this.#url}&default_format=JSONEachRow`, {
      method: "POST",
      headers: { authorization: this.#authorization },
      body: query,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`ClickHouse answered ${answer.status} to ${query.slice(0, 300)}: ${text}`);
    return text;
  }

  async rows<Row>(query: string, row: z.ZodType<Row>): Promise<Row[]> {
    const text = await this.run(query);
    return text.split("\n").flatMap((line) => (line === "" ? [] : [row.parse(JSON.parse(line))]));
  }
}
