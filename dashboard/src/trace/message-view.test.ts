import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, test } from "vitest";
import { message } from "../wire/message.ts";
import { MessageView } from "./message-view.tsx";

function markup(...given: Parameters<typeof message>): string {
  return renderToStaticMarkup(createElement(MessageView, { message: message(...given) }));
}

describe("a turn", () => {
  test("of a tool that failed says so", ({ expect }) => {
    const says = (isError: boolean) => markup("tool", { toolCallId: "toolu_1", isError }).includes(">error</span>");
    expect([says(true), says(false)]).toEqual([true, false]);
  });

  test("lets nothing of a payload run or be fetched", ({ expect }) => {
    const hostile = '<img src=x onerror="alert(1)">';
    const urls = ["javascript:alert(1)", "data:text/html;base64,AA==", "data:image/svg+xml;base64,AA==", "https://example.com/pixel.png"];
    const drawn = markup(hostile, {
      parts: [
        { kind: "text", text: hostile },
        { kind: "attachment", label: hostile },
        { kind: "other", value: { html: hostile } },
        ...urls.map((url) => ({ kind: "image", url }) as const),
      ],
      toolCalls: [{ id: hostile, name: hostile, argumentsText: hostile }],
    });
    expect([/<img|<script|<iframe/.test(drawn), drawn.match(/ href="[^"]*"/g)]).toEqual([false, [' href="https://example.com/pixel.png"']]);
  });

  test("shows what is nested too deeply to be written out as that", ({ expect }) => {
    const value: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(markup("unknown", { parts: [{ kind: "other", value }] })).toContain("nested too deeply to be shown");
  });
});
