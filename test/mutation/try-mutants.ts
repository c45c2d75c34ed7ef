import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, sharedFolder } from "../../local/stack/places.ts";
import type { Area } from "./areas.ts";
import { instrument, type Mutant, type Part, reportOf } from "./instrument.ts";
import { type Event, type Plan, planVariable } from "./plan.ts";
import { findMutants, type StrykerReport, type Survivor } from "./record.ts";
import { isSame } from "./retry.ts";
import { endpointVariable } from "./table-server.ts";

/** A try of all mutants of an area, or of a part of it. */
export interface Try {
  readonly area: Area;
  readonly parts: readonly Part[];
  /** Of the mutants of these parts, those that are tried; all of them where it is undefined. */
  readonly only?: readonly Survivor[] | undefined;
  /** The module of Stryker's instrumenter. */
  readonly program: string;
  readonly endpoint: string;
  readonly say: (line: string) => void;
}

const folder = join(sharedFolder, "mutation");
/** A test that says nothing for so long is in a loop that never yields, and has to be ended from outside. */
const silenceMs = 120_000;
const mostRounds = 30;

/**
 * Tries all mutants: a round is one run of the area's tests. Another one follows where a mutant never ended, or where what
 * one has left behind kept a test from saying anything of the rest.
 *
 * @throws Error if a test fails without any mutant.
 */
export const tryMutants = async ({ area, parts, only, program, endpoint, say }: Try): Promise<StrykerReport> => {
  const { files, mutants: all } = await instrument(program, parts);
  const ids = new Set(all.map(({ id }) => id));
  const mutants = all.filter((mutant) => only === undefined || isAmong(only, mutant));
  const leftOut = all.filter((mutant) => !mutants.includes(mutant)).map(({ id }) => id);
  const path = (name: string) => join(folder, `${area.name}.${name}`);
  const [log, marker, planFile] = [path("log.jsonl"), path("marker"), path("plan.json")];
  mkdirSync(folder, { recursive: true });
  const found = new Map<string, "Killed" | "Timeout">();
  const covered = new Set<string>();
  const passed = new Set<string>();
  const atLoading = new Set<string>();
  const strict = new Set<string>();
  for (let round = 1; round <= mostRounds; round += 1) {
    const plan: Plan = {
      ...{ tests: area.tests, log, marker },
      files: Object.fromEntries(Object.entries(files).map(([file, text]) => [join(root, file), text])),
      ...{ found: [...found.keys(), ...leftOut], passed: [...passed], unclear: [...strict] },
    };
    for (const file of [log, marker]) writeFileSync(file, "");
    writeFileSync(planFile, JSON.stringify(plan));
    const { output, isOver } = await runTests(planFile, log, marker, endpoint);
    const events = readEvents(log);
    const before = found.size + passed.size;
    const unclear = new Set<string>();
    for (const event of events) {
      switch (event.kind) {
        case "covered":
          for (const each of event.mutants) covered.add(each);
          break;
        case "passed":
          passed.add(`${event.mutant} ${event.test}`);
          break;
        case "killed":
          found.set(event.mutant, "Killed");
          break;
        case "timeout":
          found.set(event.mutant, "Timeout");
          break;
        case "unclear":
          unclear.add(event.test);
          break;
        case "loaded":
          for (const each of event.static) atLoading.add(each);
      }
    }
    if ([...covered].some((id) => !ids.has(id))) throw new Error(`The tests of ${area.name} ran on other mutants`);
    const endless = readFileSync(marker, "utf8").trim();
    if (!isOver && endless !== "") found.set(endless, "Timeout");
    if (covered.size === 0 || (!isOver && endless === ""))
      throw new Error(`The tests of ${area.name} did not run: ${output.slice(-2_000)}`);
    say(
      `${area.name}, round ${round}: ${found.size} of ${mutants.length} mutants noticed, ${unclear.size} tests unclear`,
    );
    if (isOver && unclear.size === 0) break;
    const isStuck = found.size + passed.size === before && [...unclear].every((test) => strict.has(test));
    if (isOver && isStuck) throw new Error(`Without any mutant, these fail: ${[...unclear].join("; ")}`);
    for (const test of unclear) strict.add(test);
  }
  for (const file of [log, marker, planFile]) rmSync(file);
  return reportOf(mutants, (id) => found.get(id) ?? statusOf(covered.has(id), atLoading.has(id)));
};

const isAmong = (survivors: readonly Survivor[], mutant: Mutant): boolean => {
  const report = reportOf([mutant], () => "");
  return findMutants(report, () => true).every((one) => survivors.some((each) => isSame(each, one)));
};

const statusOf = (isCovered: boolean, isStatic: boolean): string => {
  if (isCovered) return "Survived";
  return isStatic ? "Ignored" : "NoCoverage";
};

const readEvents = (log: string): Event[] =>
  readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as Event);

/** Runs the tests until they are over or silent. @returns what they have written, and whether they came to their end. */
const runTests = async (
  plan: string,
  log: string,
  marker: string,
  endpoint: string,
): Promise<{ readonly output: string; readonly isOver: boolean }> => {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", vitest, "run", "--config", config], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a worker in an endless loop ends with it.
    detached: true,
    env: { ...process.env, [planVariable]: plan, [endpointVariable]: endpoint },
  });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
  const stop = (): void => {
    const isThere = child.exitCode === null && child.signalCode === null;
    if (child.pid !== undefined && isThere) process.kill(-child.pid, "SIGKILL");
  };
  const watch = setInterval(() => {
    const last = Math.max(statSync(log).mtimeMs, statSync(marker).mtimeMs);
    if (Date.now() - last > silenceMs) stop();
  }, 1_000);
  process.once("exit", stop);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  process.off("exit", stop);
  clearInterval(watch);
  // Killed, it has no code.
  return { output: Buffer.concat(parts).toString(), isOver: code !== null };
};
