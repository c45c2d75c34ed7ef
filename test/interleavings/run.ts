import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import { minute } from "../support/builders.ts";
import type { MeetCall } from "../support/intercept.ts";
import { createRandom, type Random } from "../support/random.ts";
import { stepsOf } from "../support/steps-of.ts";
import { audit, auditSettled } from "./audit.ts";
import type { Snapshot } from "./snapshot.ts";
import { createWorld, type Dependencies, type RunStores, type World } from "./world.ts";

/** A caller at work: one use case, or some in a row. */
export type Caller = (dependencies: Dependencies) => Promise<unknown>;

/** Two to four callers that meet, and what must be true of how it went. */
export interface Scenario {
  readonly name: string;
  /** Time passes so that a function may outlive its lease, which none does when deployed. */
  readonly mayOverrun?: boolean;
  readonly prepare: (world: World) => Promise<{
    readonly callers: readonly Caller[];
    /** What must be true besides that which is true of everything. */
    readonly check?: () => readonly (string | false)[];
  }>;
}

/** How callers are run side by side. */
export type RunCallers = (
  random: Random,
  callers: readonly ((meet: MeetCall) => Promise<void>)[],
) => Promise<readonly unknown[]>;

/** Runs a scenario once; what was found wrong. The seed decides what meets, in which order, and all chance in it. */
export const runOnce = async (
  { prepare, mayOverrun = false }: Scenario,
  seed: number,
  stores: RunStores,
  runCallers: RunCallers,
): Promise<string[]> => {
  const world = createWorld(stores, seed);
  const { callers, check } = await prepare(world);
  const thrown = await runCallers(
    createRandom(seed ^ 0x5eed),
    callers.map((call) => async (meet) => {
      await call(world.dependenciesOf(meet));
    }),
  );
  const found = [
    ...(mayOverrun ? [] : thrown.filter((error) => error !== undefined).map((error) => `a caller threw ${error}`)),
    ...(mayOverrun || world.finch.mostAtOnce() < 2 ? [] : ["a code was sent while it was already under way"]),
    ...(await audit(await world.takeSnapshot(), world, mayOverrun)),
    ...(check?.() ?? []).filter((finding) => finding !== false),
  ];
  if (found.length > 0) return found;
  const settled = await settle(world);
  return [...(await audit(settled, world, mayOverrun)), ...auditSettled(settled)].map((each) => `in the end ${each}`);
};

/** Lets time pass, and the sweep and the driver do what is due, until nothing is under way; some days at most. */
export const settle = async (world: World): Promise<Snapshot> => {
  const dependencies = world.dependenciesOf(async () => undefined);
  for (let round = 1; ; round += 1) {
    // First for events and leases, then for disconnects, whose pauses grow to six hours.
    world.advance(round === 1 ? 30 * minute : 7 * 60 * minute);
    const due = await world.due.disconnects(world.now());
    await sweepDue(dependencies)();
    for (const deletionId of await world.due.deletions(world.now()))
      await stepsOf(driveDeletion(dependencies), deletionId);
    for (const { customerId, connectionId } of due) await driveDisconnect(dependencies)(customerId, connectionId);
    const snapshot = await world.takeSnapshot();
    if (round === 6 || auditSettled(snapshot).length === 0) return snapshot;
  }
};
