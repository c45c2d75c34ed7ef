import { createSsnMarker } from "#shared/employee/normalise/ssn-mark.ts";
import type { EmployeeRecord, Individual } from "#shared/employee/record.ts";

const markSsn = createSsnMarker(new Uint8Array(16).fill(7));
let made = 0;

/** A record of somebody, as a test says it; what it does not say is not known. */
export const aRecord = (
  said: Individual & { readonly ssn?: string; readonly connection?: string; readonly of?: string },
): EmployeeRecord => {
  const { ssn, connection = "conn-a", of, ...individual } = said;
  made += 1;
  return {
    connection_id: connection,
    individual_id: of ?? `ind-${made}`,
    individual,
    employment: null,
    ssn_mark: markSsn(ssn) ?? null,
  };
};

/** Contacts, from their values. */
export const contacts = (...values: readonly string[]) => values.map((data) => ({ data, type: "personal" }));
