import { areRightSpans, limitsText, parseBatch, readItems } from "#core/ingest/event-batch.ts";
import { answerFailure } from "./answer.ts";
import { eventRecords } from "./event-records.ts";
import type { Face } from "./face.ts";
import { readBody } from "./read-body.ts";
import { readText } from "./read-text.ts";
import { mayStayWhole, takeBatch } from "./take-batch.ts";
import { takeRecords } from "./take-records.ts";

/** `POST /v1/events`: 202 when every item that is right is durable; those that are wrong are named by index. */
export const events: Face = {
  refuse: (_request, fault) => answerFailure(fault),
  take: async (request, env, sender) => {
    const body = await readBody(request, limitsText);
    if (body.kind === "failure") return body;
    const read = readText(body.bytes);
    if (read.kind === "failure") return read;
    const nowMs = Date.now();
    const sent = parseBatch(read.text);
    if (sent.kind === "failure") return sent;
    if (mayStayWhole(sender, body) && areRightSpans(sent, nowMs)) {
      const spans = sent.values.length;
      const fault = await takeBatch(env, body, sender, { spans, nowMs });
      return fault ?? Response.json({ accepted: spans, rejected: [] }, { status: 202 });
    }
    const { items, rejected } = readItems(sent, nowMs);
    const fault = await takeRecords(env, sender.snapshot.homeRegion, await eventRecords(items, sender, nowMs));
    return fault ?? Response.json({ accepted: items.length, rejected }, { status: 202 });
  },
};
