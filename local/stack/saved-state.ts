import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Places } from "./places.ts";

/**
 * The emulator saves its state when it stops, and seals it; the simulated Finch saves at every change. After a kill the two
 * are of different times, and a stop cut short leaves files of which some are new and some old. So a copy is kept of the
 * state with which the last start began, and a start uses the newest state that is whole: all of it, or none.
 */

/** What the seal of a saved state says; undefined when there is none, or when a file is not what it was. */
const readSeal = (stateFolder: string): string | undefined => {
  try {
    const text = readFileSync(join(stateFolder, "seal.json"), "utf8");
    const digests: unknown = JSON.parse(text)?.sha256;
    const entries = Object.entries(digests ?? {});
    const isWhole = entries.every(([name, digest]) => digestOf(join(stateFolder, name)) === digest);
    return entries.length > 0 && isWhole ? text : undefined;
  } catch {
    return undefined;
  }
};

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Which state a start begins with. */
export type Beginning = "anew" | "as it was left" | "as it was at the last start";

/** Puts the newest whole state in place, and keeps a copy of it for the next start. */
export const prepareState = (places: Places): Beginning => {
  const { state, emulatorState, saved } = places;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const savedSeal = readSeal(join(saved, basename(emulatorState)));
  const liveSeal = readSeal(emulatorState);
  if (liveSeal !== undefined && liveSeal !== savedSeal) {
    keepCopy(places);
    return "as it was left";
  }
  if (savedSeal === undefined) {
    forgetState(places);
    return "anew";
  }
  for (const place of kept(places)) {
    rmSync(place, { recursive: true, force: true });
    const copy = join(saved, basename(place));
    if (existsSync(copy)) cpSync(copy, place, { recursive: true, preserveTimestamps: true });
  }
  return "as it was at the last start";
};

/** Removes all that earlier runs kept. */
export const forgetState = ({ state }: Places): void => {
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true, mode: 0o700 });
};

/** What belongs together. The buckets hold the deployed code only, by its hash: any later state of them serves. */
const kept = ({ emulatorState, finchState, finchCredentials }: Places): readonly string[] => [
  emulatorState,
  finchState,
  finchCredentials,
];

const keepCopy = (places: Places): void => {
  const { saved } = places;
  const unfinished = `${saved}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const place of kept(places)) {
    if (existsSync(place)) cpSync(place, join(unfinished, basename(place)), { recursive: true });
  }
  rmSync(saved, { recursive: true, force: true });
  renameSync(unfinished, saved);
};
