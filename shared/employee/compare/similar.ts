/**
 * Whether two words are one slip apart: a letter wrong, missing, too many, or two neighbours that changed places. It is the
 * optimal string alignment form of Damerau's distance (CACM 7(3), 1964), which four of five misspellings are within.
 */
const isOneSlip = (one: string, other: string): boolean => {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const longer = long.length - short.length;
  if (longer > 1) return false;
  let from = 0;
  while (from < short.length && short.charCodeAt(from) === long.charCodeAt(from)) from += 1;
  if (from === short.length) return true;
  let end = 0;
  while (
    end < short.length - from &&
    short.charCodeAt(short.length - 1 - end) === long.charCodeAt(long.length - 1 - end)
  ) {
    end += 1;
  }
  const different = long.length - from - end;
  if (different === 1) return true;
  return longer === 0 && different === 2 && short[from] === long[from + 1] && short[from + 1] === long[from];
};

/** Whether two words are at most two slips apart, by the same distance. Only for words of some length. */
const areTwoSlips = (one: string, other: string): boolean => {
  if (Math.abs(one.length - other.length) > 2) return false;
  let before: number[] = [];
  let row: number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min((row[j] ?? 9) + 1, (next[j - 1] ?? 9) + 1, (row[j - 1] ?? 9) + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 9) + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > 2) return false;
    [before, row] = [row, next];
  }
  return (row[other.length] ?? 9) <= 2;
};

/** Whether one word may be a misspelling of the other: one slip in four letters or more, two in eight or more. */
export const isMisspelling = (one: string, other: string): boolean => {
  const length = Math.max(one.length, other.length);
  if (length < 4) return false;
  return isOneSlip(one, other) || (length >= 8 && areTwoSlips(one, other));
};
