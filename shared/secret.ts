/**
 * A value that must not be printed, logged or serialised by accident: `JSON.stringify`, template strings and
 * `util.inspect` see a function, never the text. Whoever needs the text says so by calling `reveal`.
 */
export interface Secret {
  readonly reveal: () => string;
}

/** Wraps a secret text. */
export const secret = (text: string): Secret => ({ reveal: () => text });
