import type { Employee } from "../employee.ts";
import type { Engine, Group } from "../engine.ts";
import { normaliseEmail, normalisePhone } from "../normalise/contact.ts";
import type { Contact, EmployeeRecord } from "../record.ts";
import { mergeFields, type Survivorship, sourceOf } from "../survive/survivorship.ts";
import { explainJoin } from "./explain.ts";

/** An employee of a group of records. */
export const describeEmployee = (engine: Engine, group: Group, survivorship: Survivorship | undefined): Employee => {
  const records = group.members.flatMap((member) => engine.person(member).records);
  const { fields, conflicts } = mergeFields(records, survivorship);
  const why = group.joins.map(([a, b]) => explainJoin(engine, a, b));
  return {
    employee_id: group.employeeId,
    sources: records.map(sourceOf),
    fields,
    emails: mergeContacts(records, "emails", normaliseEmail),
    phone_numbers: mergeContacts(records, "phone_numbers", normalisePhone),
    confidence: why.reduce((least, { confidence }) => Math.min(least, confidence), 1),
    why,
    conflicts,
  };
};

const mergeContacts = (
  records: readonly EmployeeRecord[],
  field: "emails" | "phone_numbers",
  normalise: (text: string | null | undefined) => string | undefined,
): readonly Contact[] => {
  const found = new Map<string, Contact>();
  for (const { individual } of records) {
    for (const contact of individual?.[field] ?? []) {
      const value = contact.data ? (normalise(contact.data) ?? contact.data) : undefined;
      if (value !== undefined && !found.has(value)) found.set(value, contact);
    }
  }
  return [...found.values()];
};
