import type { EmployeeRecord } from "../record.ts";
import type { ParsedAddress } from "./address.ts";
import type { ParsedName } from "./name.ts";

/**
 * A record as it is compared. Words are numbers of the vocabulary, values that may be shared are keys, and several of either a list
 * of `Lists`; 0 is none.
 */
export interface Person extends ParsedName, ParsedAddress {
  /** All records of the individual, one for each entity; the first is the one that is compared. */
  readonly records: readonly EmployeeRecord[];
  /** Its place in all orders: the same whatever the input's order. */
  readonly identity: string;
  readonly connection: number;
  readonly gender: string;
  /** `yyyymmdd`. */
  readonly dob: number;
  readonly ssnMark: string;
  readonly ssnKey: number;
  readonly lastFour: number;
  /** A list. */
  readonly emails: number;
  /** A list of those of `emails` that are an employer's. */
  readonly workEmails: number;
  /** A list, in the order of `emails`: the letters of the local parts, which may hold a former family name. */
  readonly mailboxes: number;
  /** A list. */
  readonly phones: number;
  /** The key that all at the same house share. */
  readonly addressKey: number;
  readonly title: number;
  /** Days since 1970 on which the employment began (for the last time) and ended; 0 when not known. */
  readonly startDay: number;
  readonly endDay: number;
  /** A list of its blocks, each once. */
  readonly keys: number;
}
