import type * as api from "#generated/openapi.ts";
import type { CustomerDeletion, DisconnectedConnection } from "../connection/customer-deletion.ts";
import { retention } from "../retention.ts";

/** The most connections that a receipt names. */
export const linesShown = 100;

const dayMs = 24 * 3_600_000;

/** A deletion as the API shows it: how far it is, and when it is done, the receipt. */
export const deletionBody = (
  deletion: CustomerDeletion,
  lines: readonly DisconnectedConnection[],
): api.CustomerDeletion => ({
  deletion_id: deletion.deletionId,
  customer_id: deletion.customerId,
  status: deletion.completedAt === null ? "deleting" : "completed",
  requested_at: deletion.requestedAt.toISOString(),
  completed_at: deletion.completedAt?.toISOString() ?? null,
  sessions_erased: deletion.sessionsErased,
  connections_disconnected: deletion.ended?.connections ?? null,
  tokens_destroyed: deletion.ended?.tokens ?? null,
  connections: lines.map((line) => ({
    connection_id: line.connectionId,
    provider_id: line.providerId,
    disconnected_at: line.disconnectedAt.toISOString(),
    tokens_destroyed: line.tokensDestroyed,
  })),
  not_done: deletion.tokensLost === 0 ? [] : [{ reason: "token_lost", count: deletion.tokensLost }],
  still_held: deletion.completedAt === null ? [] : stillHeld(deletion.completedAt),
});

/** What holds data of the customer after its deletion, and until when: what was written last goes last. */
const stillHeld = (completedAt: Date): api.CustomerDeletion["still_held"] => {
  const after = (days: number) => new Date(completedAt.getTime() + days * dayMs).toISOString();
  return [
    { where: "point_in_time_recovery", until: after(retention.pointInTimeRecoveryDays) },
    { where: "secrets_recovery", until: after(retention.secretRecoveryDays + retention.orphanedSecretDays) },
    { where: "event_archive", until: after(retention.eventArchiveDays) },
    { where: "logs", until: after(retention.logDays) },
    { where: "page_sessions", until: after(retention.pageSessionDays) },
    { where: "dead_letters", until: after(retention.deadLetterDays) },
    { where: "audit", until: after(retention.auditDays) },
    { where: "tombstones", until: null },
    { where: "receipt", until: after(retention.deletionReceiptDays) },
  ];
};
