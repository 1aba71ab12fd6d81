import type { Fields } from "../wire/fields.ts";
import type { Dialect } from "../wire/wire.ts";
import { alike, type Feature } from "./feature.ts";
import { call } from "./tools.ts";
import { user } from "./turns.ts";

const png = "iVBORw0KGgo=";
const pdf = "JVBERi0xLjQK";
const wav = "UklGRiQ=";
const imageUrl = "https://images.example/cat.png";
const documentUrl = "https://documents.example/report.pdf";

/** A user's turn that holds this part after a text. */
function shown(parts: Readonly<Partial<Record<Dialect, Fields>>>): Readonly<Partial<Record<Dialect, Fields>>> {
  const { chat, messages, responses } = parts;
  const text = { type: "text", text: "What is this?" };
  return {
    ...(chat === undefined ? {} : { chat: { messages: [{ role: "user", content: [text, chat] }] } }),
    ...(messages === undefined ? {} : { messages: { messages: [{ role: "user", content: [text, messages] }] } }),
    ...(responses === undefined
      ? {}
      : { responses: { input: [{ type: "message", role: "user", content: [{ type: "input_text", text: text.text }, responses] }] } }),
  };
}

const seen = {
  messages: { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
  responses: { type: "input_image", image_url: `data:image/png;base64,${png}` },
} as const;
const camera = call("call_1", "camera", {});
const toolImage = {
  messages: {
    messages: [
      user.messages("Look."),
      { role: "assistant", content: [camera.messages] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "call_1", content: [{ type: "text", text: "A cat." }, seen.messages] }],
      },
    ],
  },
  responses: {
    input: [
      user.responses("Look."),
      camera.responses,
      { type: "function_call_output", call_id: "call_1", output: [{ type: "input_text", text: "A cat." }, seen.responses] },
    ],
  },
} as const;
const toolText = "The tool's result holds its texts; the image follows as a user's turn.";

export const media: readonly Feature[] = [
  alike(
    "image by URL",
    shown({
      chat: { type: "image_url", image_url: { url: imageUrl } },
      messages: { type: "image", source: { type: "url", url: imageUrl } },
      responses: { type: "input_image", image_url: imageUrl },
    }),
  ),
  alike("image by base64", shown({ chat: { type: "image_url", image_url: { url: seen.responses.image_url } }, ...seen })),
  {
    name: "detail of an image",
    asks: shown({
      chat: { type: "image_url", image_url: { url: imageUrl, detail: "low" } },
      responses: { type: "input_image", image_url: imageUrl, detail: "low" },
    }),
    sees: shown({
      chat: { type: "image_url", image_url: { url: imageUrl, detail: "low" } },
      responses: { type: "input_image", image_url: imageUrl, detail: "low" },
    }),
    called: { chat: "(detail)", responses: "(detail)" },
  },
  {
    name: "image in a tool's result",
    asks: toolImage,
    sees: {
      ...toolImage,
      chat: {
        messages: [
          {},
          {},
          { role: "tool", tool_call_id: "call_1", content: "A cat." },
          { role: "user", content: [{ type: "image_url", image_url: { url: seen.responses.image_url } }] },
        ],
      },
    },
    remarks: { "messages > chat": toolText, "responses > chat": toolText },
  },
  alike(
    "PDF by base64",
    shown({
      chat: { type: "file", file: { filename: "report.pdf", file_data: `data:application/pdf;base64,${pdf}` } },
      messages: { type: "document", source: { type: "base64", media_type: "application/pdf", data: pdf }, title: "report.pdf" },
      responses: { type: "input_file", filename: "report.pdf", file_data: `data:application/pdf;base64,${pdf}` },
    }),
  ),
  alike(
    "document by URL",
    shown({
      messages: { type: "document", source: { type: "url", url: documentUrl } },
      responses: { type: "input_file", file_url: documentUrl },
    }),
    { called: { messages: "(document)", responses: "(document)" } },
  ),
  {
    name: "plain text document",
    asks: shown({ messages: { type: "document", source: { type: "text", media_type: "text/plain", data: "Once upon a time." } } }),
    sees: shown({
      chat: { type: "text", text: "Once upon a time." },
      responses: { type: "input_text", text: "Once upon a time." },
    }),
    remarks: { "messages > chat": "Is said as a text.", "messages > responses": "Is said as a text." },
  },
  alike(
    "audio",
    shown({
      chat: { type: "input_audio", input_audio: { data: wav, format: "wav" } },
      responses: { type: "input_audio", input_audio: { data: wav, format: "wav" } },
    }),
    { called: { chat: "(audio)", responses: "(audio)" } },
  ),
  {
    name: "file by its id at the provider",
    asks: shown({
      chat: { type: "file", file: { file_id: "file-1" } },
      messages: { type: "document", source: { type: "file", file_id: "file_1" } },
      responses: { type: "input_file", file_id: "file-1" },
    }),
    sees: {
      chat: (from) => (from === "messages" ? null : (shown({ chat: { type: "file", file: { file_id: "file-1" } } }).chat ?? null)),
      responses: (from) =>
        from === "messages" ? null : (shown({ responses: { type: "input_file", file_id: "file-1" } }).responses ?? null),
    },
    called: { chat: "(file)", messages: "(document)", responses: "(file)" },
  },
  {
    name: "citations of a document",
    asks: shown({
      messages: { type: "document", source: { type: "url", url: documentUrl }, citations: { enabled: true } },
    }),
    sees: {},
    called: { messages: "citations" },
  },
];
