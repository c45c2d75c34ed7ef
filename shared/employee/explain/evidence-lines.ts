import type { Frequency } from "../compare/frequency.ts";
import { weightsOf } from "../decide/weigh.ts";
import type { EvidenceLine } from "../employee.ts";
import type { Judgement } from "../engine.ts";
import { normaliseEmail, normalisePhone } from "../normalise/contact.ts";
import type { Person } from "../normalise/person.ts";
import type { Contact } from "../record.ts";

/** A judgement's evidence in words: each field that weighs something, with what the two have there. */
export const evidenceLines = (
  { evidence }: Judgement,
  a: Person,
  b: Person,
  frequency: Frequency,
): readonly EvidenceLine[] =>
  weightsOf(evidence, a, frequency).map(({ field, level, bits }) => {
    const values = valuesOf(field, a, b);
    return { field, level, bits: Math.round(bits * 10) / 10, ...(values && { values }) };
  });

const textFields = ["first_name", "middle_name", "last_name", "gender", "dob"] as const;

/** What the two have in a field. An SSN is a mark here, and has no words. */
const valuesOf = (field: string, a: Person, b: Person): readonly [string, string] | undefined => {
  const [one, other] = [a.records[0], b.records[0]];
  const name = textFields.find((known) => known === field);
  if (name !== undefined) {
    const read = ({ individual, employment }: NonNullable<typeof one>): string =>
      individual?.[name] ?? (name === "gender" || name === "dob" ? null : employment?.[name]) ?? "";
    return one && other ? [read(one), read(other)] : undefined;
  }
  if (field === "emails") return sharedValue(one?.individual?.emails, other?.individual?.emails, normaliseEmail);
  if (field === "phone_numbers") {
    return sharedValue(one?.individual?.phone_numbers, other?.individual?.phone_numbers, normalisePhone);
  }
  if (field === "residence")
    return [one?.individual?.residence?.line1 ?? "", other?.individual?.residence?.line1 ?? ""];
  return undefined;
};

const sharedValue = (
  one: readonly Contact[] | null | undefined,
  other: readonly Contact[] | null | undefined,
  normalise: (text: string | null | undefined) => string | undefined,
): readonly [string, string] | undefined => {
  for (const { data } of one ?? []) {
    const value = normalise(data);
    const found = value === undefined ? undefined : other?.find((contact) => normalise(contact.data) === value);
    if (found) return [data ?? "", found.data ?? ""];
  }
  return undefined;
};
