import type { Contact, EmployeeRecord, Employment, Individual, Location } from "#shared/employee/record.ts";

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/**
 * One item of a file as a record; undefined when it does not say which individual of which connection it is. An answer of
 * Finch's batch may stand as it came (`{individual_id, code, body}`): the body of an error says nothing of a person. The SSN
 * goes no further than `markSsn`.
 */
export const toRecord = (
  item: unknown,
  markSsn: (ssn: string | null) => string | undefined,
): EmployeeRecord | undefined => {
  const given = objectOf(item);
  if (!given) return undefined;
  const [individual, employment] = [bodyOf(given["individual"]), bodyOf(given["employment"])];
  const connection_id = textOf(given["connection_id"]);
  const individual_id = textOf(given["individual_id"]) ?? textOf(individual.id) ?? textOf(employment.id);
  if (connection_id === null || individual_id === null) return undefined;
  const entity_id = textOf(given["entity_id"]);
  return {
    connection_id,
    ...(entity_id !== null && { entity_id }),
    individual_id,
    individual: individual.body && toIndividual(individual.body),
    employment: employment.body && toEmployment(employment.body),
    ssn_mark: markSsn(textOf(individual.body?.["ssn"])) ?? null,
  };
};

const bodyOf = (value: unknown): { readonly id: unknown; readonly body: Json | null } => {
  const given = objectOf(value);
  if (!given) return { id: null, body: null };
  const isAnswer = "code" in given && "body" in given;
  const body = isAnswer ? (given["code"] === 200 ? objectOf(given["body"]) : null) : given;
  return { id: given["individual_id"] ?? given["id"] ?? body?.["id"], body };
};

const toIndividual = (body: Json): Individual => ({
  first_name: textOf(body["first_name"]),
  middle_name: textOf(body["middle_name"]),
  last_name: textOf(body["last_name"]),
  preferred_name: textOf(body["preferred_name"]),
  emails: toContacts(body["emails"]),
  phone_numbers: toContacts(body["phone_numbers"]),
  gender: textOf(body["gender"]),
  dob: textOf(body["dob"]),
  residence: toLocation(body["residence"]),
});

const toEmployment = (body: Json): Employment => ({
  first_name: textOf(body["first_name"]),
  middle_name: textOf(body["middle_name"]),
  last_name: textOf(body["last_name"]),
  title: textOf(body["title"]),
  department: { name: textOf(objectOf(body["department"])?.["name"]) },
  start_date: textOf(body["start_date"]),
  end_date: textOf(body["end_date"]),
  latest_rehire_date: textOf(body["latest_rehire_date"]),
  is_active: typeof body["is_active"] === "boolean" ? body["is_active"] : null,
  employment_status: textOf(body["employment_status"]),
});

const toContacts = (value: unknown): readonly Contact[] | null => {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.map((contact) => ({
    data: textOf(objectOf(contact)?.["data"]),
    type: textOf(objectOf(contact)?.["type"]),
  }));
};

const toLocation = (value: unknown): Location | null => {
  const given = objectOf(value);
  return (
    given && {
      line1: textOf(given["line1"]),
      line2: textOf(given["line2"]),
      city: textOf(given["city"]),
      state: textOf(given["state"]),
      postal_code: textOf(given["postal_code"]),
      country: textOf(given["country"]),
    }
  );
};
