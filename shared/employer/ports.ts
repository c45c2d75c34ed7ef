import type { PlatformTrouble, Undecided } from "../connection/finch-port.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Secret } from "../secret.ts";

/** What Finch says of a company, as far as it is kept. */
export interface Company {
  readonly legalName: string | null;
  readonly entityType: string | null;
  readonly entitySubtype: string | null;
  readonly einLastFour: string | null;
}

export type CompanyAnswer =
  | { readonly kind: "company"; readonly company: Company }
  | { readonly kind: "not_ready" | "not_supported" | "not_permitted" | "not_granted" }
  /** 401: the customer has to sign in, or to finish something at the provider; or Finch does not know the token. */
  | { readonly kind: "needs_customer" }
  | PlatformTrouble
  | Undecided;

/** Reads the company behind an entity (`GET /employer/company`). */
export type ReadCompany = (accessToken: Secret, entityId: string | null) => Promise<CompanyAnswer>;

/** Asks for a connection's employers to be read. */
export interface EmployerRead {
  readonly customerId: CustomerId;
  readonly connectionId: ConnectionId;
  /** What was read before is read again, however fresh it is: Finch has told of a change then. */
  readonly staleBefore: Date | undefined;
  /** How often it was tried without Finch deciding; 0 at first. */
  readonly attempt: number;
}

/** Asks for reads, some time from now. A lost one loses nothing: the next look at the connection asks again. */
export type NudgeEmployerReads = (read: EmployerRead, delaySeconds: number) => Promise<void>;
