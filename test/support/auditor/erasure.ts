import type { Audited } from "./audited.ts";

/** A customer that is gone has left nothing behind, and a deletion that is done has been told of once. */
export const auditErasure = ({ memory }: Audited): string[] => {
  const { customers, deletions, sessions, connections, tokens, owners, written } = memory;
  const lives = new Map([...customers.values()].map(({ customerId, incarnation }) => [customerId, incarnation]));
  const done = [...deletions.values()].filter(({ completedAt }) => completedAt !== null);
  return done.flatMap(({ customerId, incarnation, deletionId }) => {
    const isOver = lives.get(customerId) !== incarnation;
    const isGone = !lives.has(customerId);
    const left = [
      ...[...sessions.values()].filter((each) => each.customerId === customerId && each.incarnation === incarnation),
      ...(isGone ? [...connections.values(), ...tokens.values()].filter((each) => each.customerId === customerId) : []),
      ...(isGone ? [...owners.values()].filter((owner) => owner === customerId) : []),
    ];
    const told = written.filter(({ detail }) => "deletion_id" in detail && detail.deletion_id === deletionId);
    return [
      ...(isOver ? [] : [`the deletion ${deletionId} is done, and ${customerId} is there`]),
      ...(left.length === 0 ? [] : [`${left.length} things are left of ${customerId}`]),
      ...(told.length === 1 ? [] : [`the deletion ${deletionId} was told of ${told.length} times`]),
    ];
  });
};
