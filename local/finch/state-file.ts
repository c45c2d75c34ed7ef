/** The simulator's memory on disk: one JSON file, replaced as a whole, so that a kill at any moment leaves a good one. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { asObject, parseJsonObject } from "./http.ts";
import { emptyState, type FinchState } from "./model.ts";
import { defaultSettings } from "./settings.ts";

const version = 2;

/**
 * Reads the state that an earlier run saved.
 *
 * @param warn takes one sentence when the file cannot be used; the simulator then starts empty.
 * @throws when the file exists and cannot be read at all, for instance for want of permission.
 */
export const loadState = (path: string, warn: (sentence: string) => void): FinchState => {
  const text = readIfPresent(path);
  if (text === undefined) return emptyState();
  const state = fromJson(text);
  if (state) return state;
  warn(`The simulated Finch starts empty, because its state file ${path} is damaged or of another version.`);
  return emptyState();
};

/** Replaces the state file. Readable by its owner only: session ids open Connect. */
export const saveState = (path: string, state: FinchState): void => {
  const unfinished = `${path}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(unfinished, toJson(state), { mode: 0o600 });
  renameSync(unfinished, path);
};

const readIfPresent = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};

const toJson = (state: FinchState): string =>
  JSON.stringify({
    version,
    clockOffsetMs: state.clockOffsetMs,
    settings: state.settings,
    companySettings: [...state.companySettings],
    sessions: [...state.sessions.values()],
    pendingSignIns: [...state.pendingSignIns.values()],
    codes: [...state.codes.values()],
    connections: [...state.connections.values()],
    tokens: [...state.tokens.values()],
    jobs: [...state.jobs.values()],
    deliveries: [...state.deliveries.values()],
  });

const fromJson = (text: string): FinchState | undefined => {
  const saved = parseJsonObject(text);
  if (saved?.["version"] !== version) return undefined;
  const clockOffsetMs = saved["clockOffsetMs"];
  const sessions = mapBy(saved["sessions"], "id");
  const pendingSignIns = mapBy(saved["pendingSignIns"], "id");
  const codes = mapBy(saved["codes"], "hash");
  const connections = mapBy(saved["connections"], "id");
  const tokens = mapBy(saved["tokens"], "hash");
  // Written since there are employer data.
  const jobs = mapBy(saved["jobs"] ?? [], "id");
  // Written since there are webhooks.
  const deliveries = mapBy(saved["deliveries"] ?? [], "id");
  if (typeof clockOffsetMs !== "number" || !sessions || !pendingSignIns) return undefined;
  if (!codes || !connections || !tokens || !jobs || !deliveries) return undefined;
  const settings = { ...defaultSettings, ...asObject(saved["settings"]) };
  // Written since a company can be otherwise.
  const companySettings = new Map((saved["companySettings"] ?? []) as [string, object][]);
  // Only this file writes these records, and it replaces them as a whole; their keys were checked, the rest is trusted.
  const records = { sessions, pendingSignIns, codes, connections, tokens, jobs, deliveries };
  return { clockOffsetMs, settings, companySettings, ...records } as unknown as FinchState;
};

const mapBy = (list: unknown, key: "id" | "hash"): Map<string, unknown> | undefined => {
  if (!Array.isArray(list)) return undefined;
  const map = new Map<string, unknown>();
  for (const item of list) {
    const id = asObject(item)?.[key];
    if (typeof id !== "string") return undefined;
    map.set(id, item);
  }
  return map;
};
