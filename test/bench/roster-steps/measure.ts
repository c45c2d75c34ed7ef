/** Rosters of so many records, step by step, each step in a process of its own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RosterId } from "#shared/roster/roster.ts";
import { aClaim, aConnection, aProfile, aTokenRecord } from "../../support/builders.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { anOutcome, aReadyEvent, aRoster } from "../../support/roster-builders.ts";
import { writeAnswers } from "./answers.ts";
import { newSubject, saveState } from "./disk.ts";
import { type Given, heapOptions, mostMegabytes } from "./given.ts";
import type { StepSample } from "./step.ts";

/** The functions of the steps. */
export interface StepFunctions {
  readonly reader: Given;
  readonly reconciler: Given;
  readonly lister: Given;
}

/** An invocation that reads, with how many pages it has read. */
type ReadSample = StepSample & { readonly pages: number };

/** All steps of one roster. */
export interface RosterSample {
  /** Of each connection. */
  readonly reads: readonly ReadSample[];
  readonly reconcile: StepSample;
  readonly show: StepSample;
}

/** Runs it with these options of Node's. @throws Error with what it said when it fails. */
const runStep = (folder: string, options: readonly string[], ...args: readonly string[]): StepSample => {
  const [step = "", ...more] = args;
  const program = join(import.meta.dirname, "step.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", ...options, program, step, folder, ...more],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the step ${args.join(" ")} failed: ${stderr}`);
  return JSON.parse(stdout) as StepSample;
};

/** With few young objects at a time, as Node has it by itself: what it takes grows with the records only. */
const littleYoung = [`--max-old-space-size=${mostMegabytes}`];

/** A customer with so many connections, whose roster has begun after another one was ready. */
const prepare = async (folder: string, connections: number): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const subject = newSubject(connections);
  const { customerId, rosterId, previousId } = subject;
  const stores = createMemoryStores();
  const products = ["directory", "individual", "employment", "ssn"];
  const made = { incarnation: "first", defaultMode: "multiple", now: new Date() } as const;
  await stores.customers.put(aProfile({ customerId }), made);
  for (const connectionId of subject.connectionIds) {
    const tokens = [aTokenRecord({ products })];
    await stores.connections.claim(aClaim(aConnection({ customerId, connectionId, tokens }), { takesIntoUse: true }));
  }
  const begin = async (id: RosterId) => {
    const roster = aRoster({ customerId, rosterId: id });
    await stores.rosters.begin(roster, null, []);
    return roster;
  };
  const previous = await begin(previousId);
  await stores.rosters.publish(previous, anOutcome(), new Date(), [aReadyEvent(previous)]);
  await begin(rosterId);
  saveState(folder, stores.memory);
  writeFileSync(join(folder, "subject.json"), JSON.stringify(subject));
};

/** Measures all steps of a roster of so many records. */
export const measureRoster = async (
  folder: string,
  size: number,
  pageSize: number,
  { reader, reconciler, lister }: StepFunctions,
): Promise<RosterSample> => {
  const counts = writeAnswers(folder, size, pageSize);
  await prepare(folder, counts.length);
  runStep(folder, heapOptions(reconciler.megabytes), "plan");
  const reads = counts.map((people, connection) => ({
    ...runStep(folder, heapOptions(reader.megabytes), "read", `${pageSize}`, `${connection}`),
    pages: Math.ceil(people / pageSize),
  }));
  runStep(folder, littleYoung, "remember");
  const reconcile = runStep(folder, littleYoung, "reconcile");
  const show = runStep(folder, heapOptions(lister.megabytes), "show");
  rmSync(folder, { recursive: true });
  return { reads, reconcile, show };
};

/** Measures an invocation that reads the first connection of a set by pages of another size. */
export const measureRead = async (
  folder: string,
  size: number,
  pageSize: number,
  reader: Given,
): Promise<ReadSample> => {
  const counts = writeAnswers(folder, size, pageSize);
  await prepare(folder, counts.length);
  runStep(folder, heapOptions(reader.megabytes), "plan");
  const sample = runStep(folder, heapOptions(reader.megabytes), "read", `${pageSize}`, "0");
  rmSync(folder, { recursive: true });
  return { ...sample, pages: Math.ceil((counts[0] ?? 0) / pageSize) };
};

/** Measures the plan for a customer with so many connections. */
export const measurePlan = async (folder: string, connections: number, reconciler: Given): Promise<StepSample> => {
  await prepare(folder, connections);
  const sample = runStep(folder, heapOptions(reconciler.megabytes), "plan");
  rmSync(folder, { recursive: true });
  return sample;
};
