/** A member of a message that is a text and means something. @throws Error for any other: nothing is guessed. */
export const readText = <Value>(value: unknown, parse: (text: string) => Value | undefined): Value => {
  const parsed = typeof value === "string" ? parse(value) : undefined;
  if (parsed === undefined) throw new Error("malformed message");
  return parsed;
};

/** The text as a moment, or undefined if it is none. */
export const parseDate = (text: string): Date | undefined => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
};
