/** One server-sent event; only its data matters here. */
export interface StreamEvent {
  readonly data: string;
}

/**
 * The whole text of a server-sent event stream → its events in order. Any of the three line ends; comments and other
 * fields are left out; `data` lines of one event are joined by line feeds; a last event without its empty line was cut
 * off by the sender and does not count.
 */
export function readEventStream(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  let data: string[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (const line of lines.slice(0, -1)) {
    if (line === "") {
      if (data.length > 0) events.push({ data: data.join("\n") });
      data = [];
    } else if (line.startsWith("data:")) {
      data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    } else if (line === "data") {
      data.push("");
    }
  }
  return events;
}
