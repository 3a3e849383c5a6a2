import { z } from "zod";

/** The most items that one page of a list holds. */
export const pageLimitMaximum = 200;

/** How a list is asked for page by page; `cursor` is the nextCursor of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(pageLimitMaximum).default(pageLimitMaximum),
  cursor: z.string().max(64).optional(),
});
