/**
 * Cuts a text at its holes, `{name}`: what is in between, and what `put` makes of each hole, in their order.
 *
 * @throws Error when a hole has no value; the types let none through.
 */
export const fill = <Value, Part>(
  text: string,
  values: Readonly<Record<string, Value>>,
  put: (value: Value) => Part,
): (string | Part)[] =>
  text
    .split(/\{(\w+)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const value = values[part];
      if (value === undefined) throw new Error(`A text has no value for ${part}.`);
      return put(value);
    })
    .filter((part) => part !== "");
