/** Something that the person at the terminal can mend, said in one sentence that tells how. */
export class Refusal extends Error {
  /** The last lines of what the failing program printed, when that helps. */
  readonly lastLines: string | undefined;

  constructor(sentence: string, lastLines?: string) {
    super(sentence);
    this.name = "Refusal";
    this.lastLines = lastLines;
  }
}

/** The last lines of a text, for showing why a program failed. */
export const tail = (text: string, lines = 20): string => text.trimEnd().split("\n").slice(-lines).join("\n");

/** An unknown thrown value in words. */
export const describeError = (error: unknown): string => (error instanceof Error ? error.message : String(error));
