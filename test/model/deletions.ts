/** Customers who are deleted, and made again under the same id. */
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { aProfile } from "../support/builders.ts";
import { type Action, unchanged } from "./action.ts";
import { type Outcome, settleOn, wrong } from "./compare.ts";
import type { Model } from "./model.ts";
import { functionLifeMs, type Perch } from "./perch.ts";

/**
 * The platform deletes a customer. Once that is answered, no session of the customer is open, so that no exchange begins; if
 * it is not, each may be.
 */
export const remove = (customerId: string): Action => ({
  label: `${customerId} is to be deleted`,
  predict(model) {
    const customer = model.customers.get(customerId);
    const stays: Outcome = { customers: { [customerId]: customer } };
    if (customer === undefined) return { right: [stays], faulty: [] };
    const marked: Outcome = { customers: { [customerId]: { ...customer, isDeleting: true } } };
    const sessions = Object.fromEntries(cancelledOf(model, customerId));
    return { right: [{ ...marked, sessions }], faulty: [marked, stays] };
  },
  note(model, perch) {
    for (const [id, cancelled] of cancelledOf(model, customerId))
      settleOn(model, perch, [unchanged(model, { session: id }), { sessions: { [id]: cancelled } }]);
  },
  act: (ports) => deleteCustomer(ports)(customerId as CustomerId),
});

/** The customer's open sessions, as they are once they are cancelled. */
const cancelledOf = (model: Model, customerId: string) =>
  [...model.sessions]
    .filter(([, session]) => session.customerId === customerId && session.state === "open")
    .map(([id, session]) => [id, { ...session, state: "cancelled" }] as const);

/** The platform makes a customer who is gone again: another life, for which nothing of the former counts. */
export const makeAgain = async (model: Model, perch: Perch, customerId: string): Promise<void> => {
  const life = perch.memory.deletions.size + 1;
  perch.story.push(`${customerId} is made again`);
  const made = { incarnation: `${life}`, defaultMode: "multiple", now: perch.now() } as const;
  await perch.ports.customers.put(aProfile({ customerId: customerId as CustomerId }), made);
  const before = model.customers.get(customerId);
  settleOn(model, perch, [{ customers: { [customerId]: before ?? { mode: "multiple", life, isDeleting: false } } }]);
};

/** A step of a deletion: it may ask for the end of every connection, erase every session that has ended, and end. */
export const stepOfDeletion = async (
  model: Model,
  perch: Perch,
  deletionId: DeletionId,
  fault?: Point,
): Promise<void> => {
  const deletion = perch.memory.deletions.get(deletionId);
  if (deletion === undefined) return;
  const { customerId } = deletion;
  perch.story.push(`a step of ${customerId}'s deletion${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`);
  await perch.run(fault, functionLifeMs, (ports) => driveDeletion(ports)(deletionId));
  if (deletion.completedAt !== null) return;
  for (const [id, connection] of model.connections) {
    if (connection.customerId !== customerId) continue;
    const ending = connection.ending ?? (connection.held === null ? "requested" : "discarded");
    settleOn(model, perch, [
      unchanged(model, { connection: id }),
      { connections: { [id]: { ...connection, ending, endingEntities: [] } } },
    ]);
  }
  for (const [id, session] of model.sessions) {
    if (session.customerId !== customerId) continue;
    const erased: Outcome = { sessions: { [id]: undefined } };
    settleOn(model, perch, [unchanged(model, { session: id }), ...(session.state === "exchanging" ? [] : [erased])]);
  }
  const isGone = !perch.memory.customers.has(customerId);
  const isLeft = [...model.connections.values(), ...model.sessions.values()].some(
    (each) => each.customerId === customerId,
  );
  if (isGone && isLeft) throw wrong(perch, `${customerId} is told to be deleted, and something is left`);
  if (isGone) model.customers.delete(customerId);
};

/** Nobody is being deleted for ever, and each end is told of once. */
export const auditDeletions = ({ customers }: Model, { memory }: Perch): string[] => {
  const told = memory.written.filter(({ type }) => type === "CustomerDeleted").length;
  const done = [...memory.deletions.values()].filter(({ completedAt }) => completedAt !== null).length;
  return [
    ...[...customers].flatMap(([id, { isDeleting }]) => (isDeleting ? [`${id} is being deleted for ever`] : [])),
    ...(told === done ? [] : [`${done} customers were deleted, and it was told ${told} times`]),
  ];
};
