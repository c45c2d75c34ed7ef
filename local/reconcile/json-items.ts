/** The items of a long JSON array, one by one: the text of all of them need not be in memory. */

const [quote, backslash, open, close, openList, closeList] = [...'"\\{}[]'].map((sign) => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * Yields the objects of a JSON array that comes in pieces, in batches, with how many bytes have come.
 *
 * @throws SyntaxError when it is no array of objects, or ends before its end.
 */
export const readItems = async function* (
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly items: readonly unknown[]; readonly bytes: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let [depth, isText, isEscaped, bytes, hasEnded] = [0, false, false, 0, false];
  for await (const piece of pieces) {
    bytes += piece.length;
    const text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const items: unknown[] = [];
    let start = depth > 1 ? 0 : -1;
    for (let at = rest.length; at < text.length; at += 1) {
      const sign = text[at];
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (sign === backslash) isEscaped = true;
        else if (sign === quote) isText = false;
      } else if (sign === quote) isText = true;
      else if (sign === open || sign === openList) {
        if (depth === 1) start = at;
        depth += 1;
      } else if (sign === close || sign === closeList) {
        depth -= 1;
        if (depth === 1) items.push(JSON.parse(text.toString("utf8", start, at + 1)));
        if (depth === 1) start = -1;
        if (depth === 0) hasEnded = true;
      }
    }
    rest = start === -1 ? Buffer.alloc(0) : text.subarray(start);
    yield { items, bytes };
  }
  if (!hasEnded || depth !== 0) throw new SyntaxError("the JSON array ends before its end");
};
