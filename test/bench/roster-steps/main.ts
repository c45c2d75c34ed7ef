/**
 * What each step of a roster takes, in time and memory, measured at two sizes, and what it would take at a million records,
 * beside what the CDK gives its function. Each step is its function's own code, in a process of its own that keeps within
 * the function's memory as on Lambda; but for the reconciliation, whose own need is what is sought. Finch's answers, the
 * bucket and the table lie on this machine, and KMS is played.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../../../local/bench/figures.ts";
import { type Finding, printFindings, roundsAsked } from "../../../local/bench/finding.ts";
import { describeGiven, givenTo, mostMegabytes, mostSeconds, onItsPart, shareOfOld } from "./given.ts";
import { measurePlan, measureRead, measureRoster, type RosterSample } from "./measure.ts";
import { paceOfMillion } from "./pace.ts";
import type { StepSample } from "./step.ts";

const [some, many, million] = [10_000, 100_000, 1_000_000];
const mostRounds = 3;
const connectionsPlanned = 1_000;
/** As many people as `rosterPageSize` allows. */
const largestPage = 9_999;
/** Step Functions' most of one execution (AWS Step Functions' guide, "Quotas"). */
const mostEvents = 25_000;
const reconcileParts = ["open pages", "reconcile", "write employees"];
const showParts = ["a page of the list", "one employee"];

const [reader, reconciler, lister] = [
  givenTo("read-roster-page"),
  givenTo("reconcile-roster"),
  givenTo("list-employees"),
];
const pageSize = Number(reader.environment["ROSTER_PAGE_SIZE"]);

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
const totalOf = ({ seconds }: StepSample): number => sum(Object.values(seconds));
/** The connection with the most pages. */
const largestRead = ({ reads }: RosterSample) => reads.reduce((one, other) => (other.pages > one.pages ? other : one));
const secondsOfPage = ({ reads }: RosterSample): number =>
  sum(reads.map(totalOf)) / sum(reads.map(({ pages }) => pages));

const folder = mkdtempSync(join(tmpdir(), "perch-roster-steps-"));
try {
  const rounds = Math.min(mostRounds, roundsAsked());
  const samplesOf = async (size: number): Promise<readonly RosterSample[]> => {
    const samples: RosterSample[] = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await measureRoster(join(folder, "roster"), size, pageSize, { reader, reconciler, lister }));
    }
    return samples;
  };
  const measured = new Map([
    [some, await samplesOf(some)],
    [many, await samplesOf(many)],
  ]);
  const largest = await measureRead(join(folder, "largest"), many, largestPage, reader);
  const plan = await measurePlan(join(folder, "plan"), connectionsPlanned, reconciler);
  const pace = await paceOfMillion(pageSize);

  const findings: Finding[] = [];
  const note = (name: string, what: string, unit: string, samples: readonly number[], atMost?: number): void => {
    const bar = atMost === undefined ? {} : { bar: { of: "figure", must_be: "at most", than: atMost } as const };
    findings.push({ name: `roster ${name}`, what, unit, samples, ...bar });
  };
  const at = (size: number, of: (sample: RosterSample) => number) => (measured.get(size) ?? []).map(of);
  const median = (size: number, of: (sample: RosterSample) => number) => quantile(at(size, of), 0.5);
  const growth = (of: (sample: RosterSample) => number) => (median(many, of) - median(some, of)) / (many - some);
  /** At a million, if it grows by record as it did from the smaller size to the larger; or by as many times, if that is more. */
  const atMillion = (of: (sample: RosterSample) => number) => [median(many, of) + growth(of) * (million - many)];
  const secondsAtMillion = (of: (sample: RosterSample) => number) => [
    Math.max(...atMillion(of), median(many, of) ** 2 / median(some, of)),
  ];
  const extrapolated = "if it grows as it did from 10,000 to 100,000";

  // Plan: grows with connections, whatever people they have.
  const planned = `of the one invocation that plans ${connectionsPlanned} connections; ${describeGiven(reconciler)}`;
  note("plan, memory", `memory ${planned}`, "MB", [plan.megabytes], reconciler.megabytes);
  note("plan, time", `CPU ${planned}`, "s", [onItsPart(totalOf(plan), reconciler)], reconciler.seconds);

  // Read: page by page, as many in one invocation as Finch's limits let it.
  const reads = describeGiven(reader);
  for (const size of [some, many]) {
    const pages = median(size, (sample) => largestRead(sample).pages);
    const what = `memory of an invocation that reads ${pages} pages of ${pageSize} people; ${reads}`;
    note(
      `read ${pages} pages, memory`,
      what,
      "MB",
      at(size, (sample) => largestRead(sample).megabytes),
      reader.megabytes,
    );
  }
  const page = `CPU of one page of ${pageSize} people: three answers of Finch's, read and sealed`;
  note("read a page, time", page, "s", at(many, secondsOfPage));
  const whole = `memory of an invocation that reads ${largest.pages} pages of ${largestPage}, the most that rosterPageSize may be; ${reads}`;
  note("read the largest pages, memory", whole, "MB", [largest.megabytes], reader.megabytes);
  const paced = "for a million people at one connection, at Finch's pace, in simulated time";
  note(`read ${million}, invocations`, `invocations ${paced}`, "invocations", [pace.invocations]);
  note(`read ${million}, hours`, `from the first request to the last ${paced}`, "h", [pace.hours]);
  note(`read ${million}, history`, `events of the execution ${paced}`, "events", [pace.events], mostEvents);
  note(`read ${million}, pages at once`, `the most that one invocation reads ${paced}`, "pages", [pace.mostPages]);
  const [fewer, more] = [some, many].map((size) => median(size, (sample) => largestRead(sample).pages)) as [
    number,
    number,
  ];
  const byPage = (growth((sample) => largestRead(sample).megabytes) * (many - some)) / (more - fewer);
  const most = median(many, (sample) => largestRead(sample).megabytes) + Math.max(0, byPage * (pace.mostPages - more));
  note(
    `read ${million}, memory`,
    `memory of that invocation, if it grows by page as it did; ${reads}`,
    "MB",
    [most],
    reader.megabytes,
  );
  const busy = onItsPart(median(many, secondsOfPage) * pace.mostPages, reader);
  note(
    `read ${million}, time`,
    `CPU of that invocation, on its memory's part of a processor; ${reads}`,
    "s",
    [busy],
    reader.seconds,
  );

  // Reconcile: one invocation, with all of it in memory.
  const reconciles = describeGiven(reconciler);
  const memory = ({ reconcile }: RosterSample) => reconcile.megabytes;
  const seconds = ({ reconcile }: RosterSample) => totalOf(reconcile);
  for (const size of [some, many]) {
    for (const part of reconcileParts) {
      const values = at(size, ({ reconcile }) => reconcile.seconds[part] ?? 0);
      note(`reconcile ${size}, ${part}`, `CPU of ${size} records`, "s", values);
    }
    note(`reconcile ${size}, time`, `CPU of the whole step; ${reconciles}`, "s", at(size, seconds), reconciler.seconds);
    note(
      `reconcile ${size}, memory`,
      `memory of the whole step; ${reconciles}`,
      "MB",
      at(size, memory),
      reconciler.megabytes,
    );
  }
  for (const part of reconcileParts) {
    const values = secondsAtMillion(({ reconcile }) => reconcile.seconds[part] ?? 0);
    note(`reconcile ${million}, ${part}`, `CPU, ${extrapolated}`, "s", values);
  }
  note(
    `reconcile ${million}, time`,
    `CPU of the whole step, ${extrapolated}; ${reconciles}`,
    "s",
    secondsAtMillion(seconds),
    mostSeconds,
  );
  const [needed = 0] = atMillion(memory);
  note(`reconcile ${million}, memory`, `memory of the whole step, ${extrapolated}`, "MB", [needed]);
  note(
    `reconcile ${million}, rosterMemoryMegabytes`,
    `what it has to be for that, since Lambda lets Node use up to 15 % beside it for what is young; its most is ${mostMegabytes} MB`,
    "MB",
    [needed / shareOfOld],
    mostMegabytes,
  );
  for (const megabytes of [reconciler.megabytes, mostMegabytes]) {
    const more = (megabytes * shareOfOld - median(many, memory)) / growth(memory);
    const records = Math.floor((many + more) / 1_000) * 1_000;
    note(`reconcile in ${megabytes} MB`, `records that fit into so much, ${extrapolated}`, "records", [records]);
  }
  const objects = atMillion(({ reconcile }) => reconcile.objectsRead + reconcile.objectsWritten);
  note(
    `reconcile ${million}, objects`,
    "that it reads from the bucket and writes to it, eight at a time",
    "objects",
    objects,
  );

  // Show: an object or two, however many there are.
  const shows = describeGiven(lister);
  for (const size of [some, many]) {
    for (const part of showParts) {
      const values = at(size, ({ show }) => show.seconds[part] ?? 0);
      note(`show of ${size}, ${part}`, `CPU of showing it; ${shows}`, "s", values, lister.seconds);
    }
  }
  const shown = atMillion(({ show }) => show.megabytes);
  note(
    `show of ${million}, memory`,
    `memory of showing them, ${extrapolated}; ${shows}`,
    "MB",
    shown,
    lister.megabytes,
  );
  printFindings(findings);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
