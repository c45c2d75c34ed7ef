/** Pages by `limit` and `offset`, as Finch's lists have them. */
import type { Call } from "./http.ts";

/** Which part of a list is asked for. */
export type Page = { readonly offset: number; readonly length: number };

/** The page that a call's `limit` and `offset` name, all without them; undefined when they are no such numbers. */
export const readPage = ({ query }: Pick<Call, "query">, count: number): Page | undefined => {
  const limit = query.get("limit") ?? String(Math.max(count, 1));
  const offset = query.get("offset") ?? "0";
  if (!/^[1-9]\d{0,8}$/.test(limit) || !/^\d{1,9}$/.test(offset)) return undefined;
  return { offset: Number(offset), length: Math.max(0, Math.min(Number(limit), count - Number(offset))) };
};
