import * as z from "zod";

/** Imported before any schema is made: zod would otherwise compile parsers with `new Function`, which the policy forbids. */
z.config({ jitless: true });
