import * as z from "zod";
import { spanSchema } from "../contracts/span.ts";

/** How much of a kind of text an item may hold, in characters (UTF-16 units), and how many of something. */
export const itemLimits = {
  name: 1000,
  /** Ids of users and sessions, models, releases and the like. */
  label: 1000,
  tag: 200,
  tags: 100,
  toolNames: 1000,
  errorMessage: 10_000,
  comment: 20_000,
  metadataEntries: 200,
  metadataName: 200,
  metadataText: 20_000,
} as const;

export const nameField = z.string().min(1).max(itemLimits.name);
export const labelField = z.string().max(itemLimits.label).default("");
export const tagsField = z.array(z.string().max(itemLimits.tag)).max(itemLimits.tags).default([]);
/** Epoch milliseconds. */
export const epochMsField = z.number().nonnegative().max(8.64e15);

export const metadataField = z
  .record(
    z.string().max(itemLimits.metadataName, `a name must not be longer than ${itemLimits.metadataName} characters`),
    z.union([z.string().max(itemLimits.metadataText), z.number(), z.boolean()], {
      error: `must be a number, true, false, or text of at most ${itemLimits.metadataText} characters`,
    }),
  )
  .refine(
    (metadata) => Object.keys(metadata).length <= itemLimits.metadataEntries,
    `must not have more than ${itemLimits.metadataEntries} entries`,
  )
  .default({});

export const errorField = z
  .strictObject({ code: z.string().max(200).default("client_error"), message: z.string().max(itemLimits.errorMessage) })
  .nullable()
  .default(null);

/** Any JSON value, and text as it is. */
export const payloadField = z.unknown().optional();

export const statusField = spanSchema.shape.status.default("ok");
