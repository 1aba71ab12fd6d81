// A process of its own: the mock upstream that every target calls. Bytes are made once; a call costs one write.
import { randomWords } from "../words.ts";
import { createServer, type Socket } from "node:net";
import { HttpMessageReader } from "../wire/http-message.ts";
import { nowMicroseconds } from "../wire/monotonic.ts";
import { answerParent, tellParent } from "../processes/child.ts";
import { pacedUser, sentAtText, streamEvents, workloads } from "./workloads.ts";

const usage = { prompt_tokens: 118, completion_tokens: 164, total_tokens: 282 };
const envelope = { id: "chatcmpl-bench", created: 1_790_000_000, model: "gpt-4o-mini-2024-07-18", system_fingerprint: "fp_bench" };

/** Answers differ, as a model's do: a store that compresses must not be flattered by one text repeated. */
const variants = 256;
const wordsPerAnswer = 110;

function plainAnswer(seed: number): Buffer {
  const completion = JSON.stringify({
    ...envelope,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: randomWords(seed, wordsPerAnswer), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage,
  });
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${Buffer.byteLength(completion)}\r\n\r\n${completion}`,
  );
}
const plainAnswers = Array.from({ length: variants }, (_, seed) => plainAnswer(seed));
let answered = 0;

const streamHead =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n";
// One HTTP chunk an event: what is between sees forty pieces even where one packet carries them all.
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const contentEvent = (content: string): string =>
  chunk(
    `data: ${JSON.stringify({ ...envelope, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }] })}\n\n`,
  );
const usageEvent = chunk(`data: ${JSON.stringify({ ...envelope, object: "chat.completion.chunk", choices: [], usage })}\n\n`);
const doneEvent = chunk("data: [DONE]\n\n") + "0\r\n\r\n";
const contentEvents = contentEvent(" the customer asks").repeat(streamEvents);
const streamAnswer = Buffer.from(streamHead + contentEvents + doneEvent);
const streamAnswerWithUsage = Buffer.from(streamHead + contentEvents + usageEvent + doneEvent);

function answerPaced(socket: Socket, includeUsage: boolean): void {
  let sent = 0;
  const sendNext = (): void => {
    if (socket.destroyed) return;
    const event = contentEvent(sentAtText(nowMicroseconds()));
    sent += 1;
    socket.write(sent === 1 ? streamHead + event : event, "latin1");
    if (sent < streamEvents) setTimeout(sendNext, workloads.paced.pacedMs);
    else socket.write(includeUsage ? usageEvent + doneEvent : doneEvent, "latin1");
  };
  sendNext();
}

function answer(socket: Socket, body: string): void {
  if (!/"stream" ?: ?true/.test(body)) {
    answered += 1;
    socket.write(plainAnswers[answered % variants] ?? "");
    return;
  }
  const includeUsage = /"include_usage" ?: ?true/.test(body);
  if (body.includes(`"${pacedUser}"`)) answerPaced(socket, includeUsage);
  else socket.write(includeUsage ? streamAnswerWithUsage : streamAnswer);
}

const server = createServer({ noDelay: true }, (socket) => {
  let body = "";
  const reader = new HttpMessageReader((bytes) => {
    body += bytes.toString("latin1");
  });
  socket.on("data", (bytes: Buffer) => {
    if (!reader.push(bytes)) return;
    const whole = body;
    body = "";
    reader.reset();
    answer(socket, whole);
  });
  // A target that closes its idle connections by a reset is no fault of the upstream.
  socket.on("error", () => socket.destroy());
});

answerParent(async () => null);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mock upstream has no port");
  tellParent({ kind: "ready", url: `http://127.0.0.1:${address.port}` });
});
