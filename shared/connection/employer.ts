/** What Perch knows of the employer behind an entity of a connection (`GET /employer/company`). */
export interface Employer {
  /** Null for a connection of which Finch names no entity. */
  readonly entityId: string | null;
  /**
   * `available`: it was read. `not_ready`: Finch is still fetching it (202). `not_supported`: the provider does not tell it
   * (501). `not_permitted`: whoever signed in may not see it (403). `not_granted`: no access token opens the product
   * `company` for it. `reauthentication_required`: the customer has to sign in first.
   */
  readonly status: EmployerStatus;
  readonly legalName: string | null;
  /** Such as `llc` or `corporation`. */
  readonly entityType: string | null;
  /** Such as `s_corporation`. */
  readonly entitySubtype: string | null;
  /** Of the employer identification number nothing else is kept. */
  readonly einLastFour: string | null;
  /** When Finch last said so. */
  readonly readAt: Date;
}

export const employerStatuses = [
  "available",
  "not_ready",
  "not_supported",
  "not_permitted",
  "not_granted",
  "reauthentication_required",
] as const;

export type EmployerStatus = (typeof employerStatuses)[number];
