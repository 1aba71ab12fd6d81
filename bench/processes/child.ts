import * as z from "zod";

/** What a child tells on its own: that it can be used, or that it cannot start. */
export const noticeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready"), url: z.string(), details: z.unknown().optional() }),
  z.strictObject({ kind: z.literal("failed"), reason: z.string() }),
]);
export type Notice = z.infer<typeof noticeSchema>;

const questionSchema = z.strictObject({ kind: z.literal("question"), id: z.int(), value: z.unknown() });
export const replySchema = z.strictObject({ kind: z.literal("reply"), id: z.int(), value: z.unknown(), error: z.string().nullable() });

/** Sends a notice to the process that started this one. */
export function tellParent(notice: Notice): void {
  process.send?.(notice);
}

/**
 * Answers the parent's questions with `answer`, one at a time or not as they come. When the parent is gone,
 * however it went, `leave` runs and the process ends: no child outlives a benchmark that was killed.
 */
export function answerParent(answer: (value: unknown) => Promise<unknown>, leave: () => Promise<void> = async () => undefined): void {
  process.on("message", (message) => {
    const { id, value } = questionSchema.parse(message);
    void answer(value).then(
      (result) => process.send?.({ kind: "reply", id, value: result, error: null }),
      (error: unknown) => process.send?.({ kind: "reply", id, value: null, error: String(error) }),
    );
  });
  process.on("disconnect", () => void leave().finally(() => process.exit(0)));
  // Ctrl-C reaches the whole group; it is the parent that decides when its children go.
  process.on("SIGINT", () => undefined);
}
