/** What comes by itself every five minutes. */
import { sweepChecks } from "#shared/connection/sweep-checks.ts";
import { sweepDue } from "#shared/connection/sweep-due.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { carryOut, unchanged } from "./action.ts";
import { drive } from "./actions-of-connections.ts";
import { isOverdue } from "./actions-of-sessions.ts";
import { settleOn, wrong } from "./compare.ts";
import { stepOfDeletion } from "./deletions.ts";
import { predictLook } from "./looks.ts";
import type { Model } from "./model.ts";
import { functionLifeMs, type Perch } from "./perch.ts";

const told = (fault: Point | undefined) => (fault ? ` [await ${fault.call} ${fault.fault}]` : "");

/** The sweep comes, and the driver takes a step for each connection that it names. */
export const sweep = async (model: Model, perch: Perch, fault?: Point): Promise<void> => {
  perch.story.push(`the sweep comes${told(fault)}`);
  const overdue = [...model.sessions.keys()].filter((id) => isOverdue(model, perch, id));
  const { wasFaulty } = await perch.run(fault, functionLifeMs, (ports) => sweepDue(ports)());
  for (const id of overdue) {
    const session = model.sessions.get(id);
    const lost = session && { sessions: { [id]: { ...session, state: "failed token_lost" } } };
    settleOn(model, perch, [...(lost ? [lost] : []), ...(wasFaulty ? [unchanged(model, { session: id })] : [])]);
  }
  for (const deletionId of new Set(perch.nudgedDeletions.splice(0))) await stepOfDeletion(model, perch, deletionId);
  for (const { customerId, connectionId } of perch.nudged.splice(0)) {
    await carryOut(model, perch, drive(customerId, connectionId));
  }
};

/** The sweep of checks comes: what has fallen due is looked at, or asked for where it turns into trouble. */
export const sweepAllChecks = async (model: Model, perch: Perch, fault?: Point, isInTrial = false): Promise<void> => {
  perch.story.push(`the sweep of checks comes${told(fault)}${fault && isInTrial ? " in the trial" : ""}`);
  const { pause } = perch.memory.checkPause;
  const mayLook = pause === undefined || pause.until <= perch.now();
  const due = [...perch.memory.connections.values()].filter(
    ({ nextCheckAt, disconnect, entityDisconnects }) =>
      mayLook && disconnect === null && entityDisconnects.length === 0 && nextCheckAt <= perch.now(),
  );
  const looks = due.map(({ customerId, connectionId }) => ({
    connectionId,
    stays: unchanged(model, { connection: connectionId }),
    ...predictLook(model, perch, customerId, connectionId),
  }));
  perch.setTrialFault(isInTrial ? fault : undefined);
  const { wasFaulty } = await perch.run(isInTrial ? undefined : fault, functionLifeMs, (ports) => sweepChecks(ports)());
  perch.setTrialFault(undefined);
  for (const { connectionId, stays, right, faulty } of looks) {
    const isAskedFor = perch.queue.some((each) => each.connectionId === connectionId && each.reason === "sweep");
    const mayWait = isAskedFor || wasFaulty || isInTrial;
    settleOn(model, perch, [...right, ...(mayWait ? [stays, ...faulty] : [])]);
  }
  const isTrouble = perch.finch.trouble() !== undefined;
  if (isTrouble && perch.queue.some(({ reason, askedAt }) => reason === "sweep" && askedAt >= perch.now())) {
    throw wrong(perch, "the sweep believes what is not about a connection");
  }
};
