/** What `Date` writes of a year with four digits; every time in the table was written so. */
const asWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A time that knows how it was written. Most times are read to be passed on as they are, and to write one anew takes more
 * than twice as long as to read it.
 */
class StoredTime extends Date {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  override toISOString(): string {
    return this.#text;
  }
}

/** The time that a text of the table stands for; undefined if it stands for none. */
export const parseStoredTime = (text: string): Date | undefined => {
  const time = asWritten.test(text) ? new StoredTime(text) : new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
};
