import * as z from "zod";
import { pageQuery } from "./range.ts";

/** Which part of a list is asked for; lists are newest first. */
export const pageQuerySchema = z.strictObject(pageQuery);
export type PageQuery = z.output<typeof pageQuerySchema>;

/** Where the next page begins; `null` on the last one. */
export const nextCursorSchema = z.string().nullable().meta({ description: "The `cursor` of the next page; `null` on the last one." });
