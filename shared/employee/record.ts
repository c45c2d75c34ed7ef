/** Finch's records of one customer's people, as reconciliation takes them. Field names are Finch's. */

/** One of a person's e-mail addresses or phone numbers. */
export interface Contact {
  readonly data?: string | null;
  readonly type?: string | null;
}

/** A place, as Finch describes one. */
export interface Location {
  readonly line1?: string | null;
  readonly line2?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly postal_code?: string | null;
  readonly country?: string | null;
}

/** The body of a good answer of `POST /employer/individual`. A whole SSN has no place here: see `ssn_mark`. */
export interface Individual {
  readonly id?: string | null;
  readonly first_name?: string | null;
  readonly middle_name?: string | null;
  readonly last_name?: string | null;
  readonly preferred_name?: string | null;
  readonly emails?: readonly Contact[] | null;
  readonly phone_numbers?: readonly Contact[] | null;
  readonly gender?: string | null;
  readonly dob?: string | null;
  readonly residence?: Location | null;
}

/** The body of a good answer of `POST /employer/employment`, as far as it says who somebody is and how new the record is. */
export interface Employment {
  readonly id?: string | null;
  readonly first_name?: string | null;
  readonly middle_name?: string | null;
  readonly last_name?: string | null;
  readonly title?: string | null;
  readonly department?: { readonly name?: string | null } | null;
  readonly start_date?: string | null;
  readonly end_date?: string | null;
  readonly latest_rehire_date?: string | null;
  readonly is_active?: boolean | null;
  readonly employment_status?: string | null;
}

/** Where a record is from. The same individual may be in several entities of a connection. */
export interface Source {
  readonly connection_id: string;
  readonly entity_id?: string | null;
  readonly individual_id: string;
}

/**
 * One person at one connection. A product that Finch could not read for this person (an error of the batch's item) is null,
 * and the record then stands on the other one.
 */
export interface EmployeeRecord extends Source {
  readonly individual: Individual | null;
  readonly employment?: Employment | null;
  /** What `createSsnMarker` made of the SSN. */
  readonly ssn_mark?: string | null;
}

/** What the platform has decided about two records: it outlives every run. */
export interface Decision {
  readonly a: Source;
  readonly b: Source;
  readonly same: boolean;
}

/** What JSON writes otherwise than as it is. */
const needsEscape = /["\\]|[^\x20-\ud7ff\ue000-\uffff]/;

/** One text for one individual of one connection, the same whatever the entity; no two share it. */
export const identityOf = ({
  connection_id,
  individual_id,
}: Pick<Source, "connection_id" | "individual_id">): string =>
  needsEscape.test(connection_id) || needsEscape.test(individual_id)
    ? JSON.stringify([connection_id, individual_id])
    : `["${connection_id}","${individual_id}"]`;

/** The order of all that is ordered: of code units, so that no locale changes it. */
export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
