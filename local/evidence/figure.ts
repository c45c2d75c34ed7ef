import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCommit } from "../bench/commit.ts";
import { sharedFolder } from "../stack/places.ts";

/** Something that a test or a command counted, for `docs/evidence.md`. */
export interface CountedFigure {
  /** What was counted, such as `forged webhooks sent`. */
  readonly name: string;
  readonly value: number;
  /** Such as `webhooks`; `%` for a share. */
  readonly unit: string;
  /** The sentence that the figure stands for, such as `No forged webhook is accepted`. */
  readonly claim: string;
  /** What shows it again. */
  readonly command: string;
}

/** A figure with when and of what it was counted. */
export interface WrittenFigure extends CountedFigure {
  readonly date: string;
  readonly commit: string | null;
}

/** Names the folder that a nightly run's tests write their figures to; without it, tests write none. */
export const figuresVariable = "PERCH_FIGURES";

/** Figures of a nightly run's tests. */
export const nightlyFigures = join(sharedFolder, "evidence/nightly");

/** Figures of commands of their own, such as the one that plants bugs: each stays until its command runs again. */
export const commandFigures = join(sharedFolder, "evidence/commands");

/** Writes a figure; one of the same name and command is replaced. */
export const writeFigure = (figure: CountedFigure, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  const written: WrittenFigure = { ...figure, date: new Date().toISOString(), commit: readCommit() };
  const name = createHash("sha256").update(`${figure.command}\n${figure.name}`).digest("hex").slice(0, 16);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(written));
};

/** The order of figures: by claim, then by name. */
export const byClaim = (a: CountedFigure, b: CountedFigure): number =>
  a.claim.localeCompare(b.claim) || a.name.localeCompare(b.name);

/** The figures in a folder, by claim and name; none when it is not there. */
export const readFigures = (folder: string): readonly WrittenFigure[] => {
  try {
    return readdirSync(folder)
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as WrittenFigure)
      .toSorted(byClaim);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};
