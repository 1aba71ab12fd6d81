import type { Dialect } from "../wire/wire.ts";

/** What no writer of JSON would write: spaces, digits that no number holds, escapes, fields and events that no one knows. */
export interface OddBytes {
  /** Up to the model's name, and from there on. */
  readonly request: readonly [before: string, after: string];
  readonly answer: string;
  readonly stream: string;
}

const odd = String.raw`"big" : 12345678901234567890, "small":1.50, "text":"\u00e9é\/" , "x_new":{ "a" :[ ] }`;

export const oddBytes: Readonly<Record<Dialect, OddBytes>> = {
  chat: {
    request: [` {"model" : `, `,\n ${odd}, "messages":[ {"content":"Hi","role":"user"} ]} `],
    answer: `{ ${odd},"choices":[ {"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"} ]}\n`,
    stream: `data: { ${odd},"choices":[ {"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"} ]}\n\ndata: [DONE]\n\n`,
  },
  messages: {
    request: [` {"max_tokens":10,"model" : `, `,\n ${odd}, "messages":[ {"content":"Hi","role":"user"} ]} `],
    answer: `{ ${odd},"type":"message","content":[ {"type":"text","text":"Hello"} , {"type":"new"}],"stop_reason":"end_turn","usage":null}\n`,
    stream: [
      `event: message_start\ndata: {"type":"message_start","message":{ ${odd},"id":"msg_1","content":[]  }}\n\n`,
      `event: new\ndata: {"type":"new",  ${odd}}\n\n`,
      `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}, "usage":{"output_tokens":1} }\n\n`,
      `event: message_stop\ndata: {"type":"message_stop"}\n\n`,
    ].join(""),
  },
  responses: {
    request: [` {"model" : `, `,\n ${odd}, "input":"Hi" } `],
    answer: `{ ${odd},"object":"response","status":"completed","output":[ {"type":"new"} ],"usage":null}\n`,
    stream: [
      `event: response.created\ndata: {"type":"response.created","response":{ ${odd},"id":"resp_1"}}\n\n`,
      `event: response.new\ndata: {"type":"response.new",  ${odd}}\n\n`,
      `event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1", "status":"completed","output":[ ] }}\n\n`,
    ].join(""),
  },
};
