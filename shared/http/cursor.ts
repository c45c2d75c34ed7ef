import { ok, type Result, refuse } from "../result.ts";
import { problem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Where a page of a list begins: behind this item, by its time and then its id. */
export interface Position<Id extends string> {
  readonly at: string;
  readonly id: Id;
}

/** The `next_cursor` of a page; null on the last one. */
export const toCursor = (next: Position<string> | undefined): string | null =>
  next === undefined ? null : Buffer.from(`${next.at} ${next.id}`).toString("base64url");

/**
 * Reads the `cursor` of a request; undefined where there is none, a 400 for one that no page has given out. It is a
 * position and no permission: a made-up one shows nothing that another page would not.
 *
 * @param parseId reads an id of the list's items.
 */
export const readCursor = <Id extends string>(
  cursor: string | undefined,
  parseId: (text: string) => Id | undefined,
): Result<Position<Id> | undefined, Reply> => {
  if (cursor === undefined) return ok(undefined);
  const [at = "", idText = "", ...more] = Buffer.from(cursor, "base64url").toString("latin1").split(" ");
  const id = parseId(idText);
  if (id !== undefined && more.length === 0 && isTime(at)) return ok({ at, id });
  const message = "must be the next_cursor of an earlier page, unchanged";
  return refuse(problem("invalid_request", { errors: [{ field: "query.cursor", message }] }));
};

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);
