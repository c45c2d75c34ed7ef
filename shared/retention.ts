/**
 * How long what Perch has written stays where no deletion reaches it. One place: the stacks set these periods, and a
 * customer's deletion receipt tells them, so that neither can say otherwise. In days.
 */
export const retention = {
  /** DynamoDB's point-in-time recovery of the table. */
  pointInTimeRecoveryDays: 35,
  /** A secret that no item names, until the sweep removes it. A disconnect's secrets go at once. */
  orphanedSecretDays: 2,
  /** The same from then on, while it could be restored. */
  secretRecoveryDays: 30,
  /** The archive of the bus. */
  eventArchiveDays: 90,
  /** The functions' logs and the gateway's. */
  logDays: 90,
  /** A session of the connections page, which ends after 8 hours; DynamoDB takes some days to remove what has expired. */
  pageSessionDays: 3,
  /** Queues of dead letters. */
  deadLetterDays: 14,
  /** Who used which access token: over a year, so that a year's review finds all of it. */
  auditDays: 400,
  /** What a roster has read at Finch, sealed. Deleted with the customer. */
  rosterReadDays: 7,
  /** A roster: its employees, sealed, and its progress. Deleted with the customer. */
  rosterDays: 30,
  /** A deletion's own receipt. */
  deletionReceiptDays: 365,
} as const;
