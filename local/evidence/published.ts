import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../bench/report.ts";
import { root, sharedFolder } from "../stack/places.ts";
import { mergeRecords, type NightlyRecord, readNightlyRecord } from "../testing/nightly-record.ts";
import { byClaim, commandFigures, readFigures, type WrittenFigure } from "./figure.ts";

/** What `docs/evidence.md` is written from. Undefined where it was never run. */
export interface Evidence {
  readonly bench: Report | undefined;
  readonly nightly: NightlyRecord | undefined;
  readonly counted: readonly WrittenFigure[];
}

const published = join(root, "docs/evidence");
const names = ["bench", "nightly", "counted"] as const;

/** What is published, with what has run here since; writes it to `docs/evidence/`, so that each machine adds to it. */
export const publishEvidence = (): Evidence => {
  const evidence: Evidence = {
    bench: newer(readJson<Report>(published, "bench"), readJson<Report>(join(sharedFolder, "evidence"), "bench")),
    nightly: mergeNightly(readJson<NightlyRecord>(published, "nightly"), readNightlyRecord()),
    counted: mergeFigures(readJson<WrittenFigure[]>(published, "counted") ?? [], readFigures(commandFigures)),
  };
  mkdirSync(published, { recursive: true });
  for (const name of names) {
    if (evidence[name] === undefined) continue;
    writeFileSync(join(published, `${name}.json`), `${JSON.stringify(evidence[name], null, 2)}\n`);
  }
  return evidence;
};

/** Of two records the files of both; of a file that both have, what the record says that is the newer one. */
export const mergeNightly = (
  one: NightlyRecord | undefined,
  other: NightlyRecord | undefined,
): NightlyRecord | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  const lastRun = ({ files }: NightlyRecord) =>
    files
      .map(({ date }) => date)
      .toSorted()
      .at(-1) ?? "";
  return lastRun(one) <= lastRun(other) ? mergeRecords(one, other) : mergeRecords(other, one);
};

/** The newest figure of each name and command, by claim and name. */
export const mergeFigures = (
  one: readonly WrittenFigure[],
  other: readonly WrittenFigure[],
): readonly WrittenFigure[] => {
  const newest = new Map<string, WrittenFigure>();
  for (const figure of [...one, ...other].toSorted((a, b) => a.date.localeCompare(b.date))) {
    newest.set(`${figure.command}\n${figure.name}`, figure);
  }
  return [...newest.values()].toSorted(byClaim);
};

const newer = (one: Report | undefined, other: Report | undefined): Report | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return one.date < other.date ? other : one;
};

const readJson = <Document>(folder: string, name: string): Document | undefined => {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Document) : undefined;
};
