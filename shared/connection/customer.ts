import type { CustomerId, DeletionId } from "./identifiers.ts";

/** How many connections a customer may own. */
export type CustomerMode = "single" | "multiple";

/** A customer of the platform, as Perch knows it. */
export interface Customer {
  readonly customerId: CustomerId;
  readonly name: string;
  readonly email: string | null;
  readonly mode: CustomerMode;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Random, made with the record. A customer that is deleted and made again under its old id has another one, and what
   * still carries the former (sessions, links, messages) is void.
   */
  readonly incarnation: string;
  /** Connections in use; held ones do not count. */
  readonly connectionCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Not null: the customer is being deleted. Nothing new begins for it, and its record goes last. */
  readonly deletion: { readonly deletionId: DeletionId; readonly requestedAt: Date } | null;
}

/** What the platform says of a customer. */
export interface CustomerProfile {
  readonly customerId: CustomerId;
  readonly name: string;
  readonly email: string | null;
  /** Left out: as it is, or the stage's default for a new customer. */
  readonly mode?: CustomerMode;
  readonly metadata: Readonly<Record<string, string>>;
}
