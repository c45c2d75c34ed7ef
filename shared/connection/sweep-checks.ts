import type { NudgeChecks } from "./check-request.ts";
import type { CheckPause, CheckPauseStore, DueStore } from "./due-ports.ts";
import type { Surroundings } from "./ports.ts";
import type { Trial, TrialReport, TryConnections } from "./try-connections.ts";

export interface SweepChecksDependencies extends Pick<Surroundings, "now" | "sleep"> {
  readonly due: Pick<DueStore, "checks">;
  readonly pauses: CheckPauseStore;
  readonly tryConnections: TryConnections;
  readonly nudgeChecks: NudgeChecks;
  /** How often one run asks Finch at most. */
  readonly checksPerRun: number;
}

/** What a run has done. */
export type SweptChecks =
  | {
      readonly kind: "swept";
      readonly looked: number;
      readonly undecided: number;
      /** Connections that are looked at once more, where what Finch says is stored. */
      readonly inTrouble: number;
      /** How long what was due longest has been due. */
      readonly lagMinutes: number;
    }
  | {
      readonly kind: "paused";
      readonly reason: CheckPause["reason"];
      readonly until: Date;
      /** Connections that would have turned into trouble, in the run that began the pause. */
      readonly inTrouble: number;
    };

const batchSize = 25;
const batchesAtOnce = 4;
/**
 * A run's calls are spread over so long, of the five minutes to the next: so that any five minutes hold one run's calls at
 * most. Finch counts by the address over five minutes.
 */
const spreadMs = 210_000;
const runMs = 225_000;
/** Few are never too many; beyond that, one in twenty. */
const fewEnough = 20;
const share = 0.05;
const shortPauseMs = 15 * 60_000;
const longPauseMs = 6 * 3_600_000;

/**
 * Creates the use case: has those connections looked at that have fallen due, as many as the pace allows. What Finch says
 * in one run is judged together. If it would turn too many into trouble, none of them is touched and the sweep pauses for
 * six hours; if it says nothing of too many, or answers that something is wrong with the platform, for a quarter of an
 * hour. What a run did not get to, or does not believe, is still due.
 */
export const sweepChecks = (deps: SweepChecksDependencies) => async (): Promise<SweptChecks> => {
  const begun = deps.now();
  const { pause, trustedUntil } = await deps.pauses.find();
  if (pause !== undefined && pause.until > begun) return { kind: "paused", ...pause, inTrouble: 0 };
  const due = await deps.due.checks(begun, deps.checksPerRun);
  const oldest = Math.min(begun.getTime(), ...due.map(({ dueAt }) => dueAt.getTime()));
  const isTrusted = trustedUntil !== undefined && trustedUntil > begun;
  const found = await tryInTurn(deps, due, begun, isTrusted);
  const { looked, undecided, inTrouble } = found;
  const isTooMuch = (count: number) => count > Math.max(fewEnough, share * (looked + undecided));
  const reason: CheckPause["reason"] | undefined =
    // What may be asked is used up for now: the next run goes on, and nothing is wrong.
    (found.standstill === "budget_used_up" ? undefined : found.standstill) ??
    (isTooMuch(undecided) ? "too_many_undecided" : undefined) ??
    (isTooMuch(inTrouble.length) && !isTrusted ? "too_many_in_trouble" : undefined);
  const now = deps.now();
  if (reason !== undefined) {
    const pauseMs = reason === "too_many_in_trouble" ? longPauseMs : shortPauseMs;
    const begins: CheckPause = { reason, until: new Date(now.getTime() + pauseMs) };
    await deps.pauses.pause(begins);
    return { kind: "paused", ...begins, inTrouble: inTrouble.length };
  }
  await deps.nudgeChecks(inTrouble.map((each) => ({ ...each, reason: "sweep", askedAt: now })));
  const lagMinutes = Math.floor((begun.getTime() - oldest) / 60_000);
  return { kind: "swept", looked, undecided, inTrouble: inTrouble.length, lagMinutes };
};

/** Batches, some at once, in step with the pace, until there is a reason not to go on. */
const tryInTurn = async (
  deps: SweepChecksDependencies,
  due: Trial["connections"],
  begun: Date,
  isTrusted: boolean,
): Promise<TrialReport> => {
  let soFar: TrialReport = { looked: 0, undecided: 0, calls: 0, inTrouble: [], standstill: undefined };
  // More than the guard lets through of all that is due, it does not let through of fewer.
  const most = Math.max(fewEnough, share * due.length);
  const isHopeless = ({ undecided, inTrouble, standstill }: TrialReport) =>
    standstill !== undefined || undecided > most || (inTrouble.length > most && !isTrusted);
  for (let first = 0; first < due.length; first += batchSize * batchesAtOnce) {
    const left = deps.checksPerRun - soFar.calls;
    const batches = batchesOf(due.slice(first, first + batchSize * batchesAtOnce)).slice(0, left);
    const mostCalls = Math.floor(left / batches.length);
    const reports = await Promise.all(batches.map((connections) => tryBatch(deps, { connections, mostCalls })));
    soFar = reports.reduce(add, soFar);
    if (isHopeless(soFar) || soFar.calls >= deps.checksPerRun) break;
    if (first + batchSize * batchesAtOnce >= due.length) break;
    const paceAllows = begun.getTime() + spreadMs * (soFar.calls / deps.checksPerRun);
    await deps.sleep(Math.max(0, paceAllows - deps.now().getTime()));
    if (deps.now().getTime() - begun.getTime() >= runMs) break;
  }
  return soFar;
};

const batchesOf = (due: Trial["connections"]): Trial["connections"][] =>
  Array.from({ length: Math.ceil(due.length / batchSize) }, (_, index) =>
    due.slice(index * batchSize, (index + 1) * batchSize),
  );

/** A batch whose function failed may have asked for all that it was allowed, and says nothing of any connection. */
const tryBatch = async (deps: SweepChecksDependencies, trial: Trial): Promise<TrialReport> => {
  try {
    return await deps.tryConnections(trial);
  } catch {
    const undecided = trial.connections.length;
    return { looked: 0, undecided, calls: trial.mostCalls, inTrouble: [], standstill: undefined };
  }
};

const add = (a: TrialReport, b: TrialReport): TrialReport => ({
  looked: a.looked + b.looked,
  undecided: a.undecided + b.undecided,
  calls: a.calls + b.calls,
  inTrouble: [...a.inTrouble, ...b.inTrouble],
  standstill: a.standstill ?? b.standstill,
});
