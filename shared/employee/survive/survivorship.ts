import type { Conflict, Field, Value } from "../employee.ts";
import { compareText, type EmployeeRecord, type Source } from "../record.ts";

/** Whose value is taken where an employee's records differ. */
export type SurvivorshipRule =
  /** That of the record with the latest date of employment. */
  | "newest"
  /** The longest: a name over its initial, an address with its flat. */
  | "most_complete"
  /** That of most records. */
  | "most_frequent"
  /** That of the connection that stands first in `preferred_connections`. */
  | "preferred_connection";

/** How records are merged. */
export interface Survivorship {
  /** Connections, best first; those not named come after. */
  readonly preferred_connections?: readonly string[];
  /** Rules by field, tried in their order until one value is left. */
  readonly rules?: Readonly<Partial<Record<Field, readonly SurvivorshipRule[]>>>;
}

/** What holds where the platform sets nothing: what does not change is what most say, what changes is what was said last. */
const defaults: Readonly<Record<Field, readonly SurvivorshipRule[]>> = {
  first_name: ["most_frequent", "most_complete", "newest"],
  middle_name: ["most_complete", "newest"],
  last_name: ["newest", "most_frequent", "most_complete"],
  preferred_name: ["newest", "most_complete"],
  dob: ["most_frequent", "newest"],
  gender: ["most_frequent", "newest"],
  residence: ["newest", "most_complete"],
  title: ["newest"],
  department: ["newest"],
  employment_status: ["newest"],
  is_active: ["newest"],
  start_date: ["newest"],
  end_date: ["newest"],
};

const fields = Object.keys(defaults) as Field[];

/** Merges an employee's records, which must be in a fixed order, and says where they differ. */
export const mergeFields = (
  records: readonly EmployeeRecord[],
  settings: Survivorship = {},
): { readonly fields: Readonly<Record<Field, Value>>; readonly conflicts: readonly Conflict[] } => {
  const merged: Partial<Record<Field, Value>> = {};
  const conflicts: Conflict[] = [];
  for (const field of fields) {
    const said = groupValues(records, field);
    const [first] = said;
    if (first === undefined || said.length === 1) {
      merged[field] = first?.value ?? null;
      continue;
    }
    const { won, rule } = choose(said, settings, settings.rules?.[field] ?? defaults[field]);
    merged[field] = won.value;
    conflicts.push({
      field,
      values: said.map(({ value, from }) => ({ value, sources: from.map(sourceOf) })),
      won: sourceOf(won.from[0] as EmployeeRecord),
      rule,
    });
  }
  return { fields: merged as Record<Field, Value>, conflicts };
};

/** Where a record is from, and nothing else of it. */
export const sourceOf = ({ connection_id, entity_id, individual_id }: Source): Source => ({
  connection_id,
  ...(entity_id !== undefined && { entity_id }),
  individual_id,
});

interface Said {
  readonly key: string;
  readonly value: Value;
  readonly from: EmployeeRecord[];
}

const groupValues = (records: readonly EmployeeRecord[], field: Field): Said[] => {
  const said: Said[] = [];
  for (const record of records) {
    const value = readField(record, field);
    if (value === null) continue;
    const key = keyOf(value);
    const known = said.find((other) => other.key === key);
    if (known) known.from.push(record);
    else said.push({ key, value, from: [record] });
  }
  return said;
};

/** Values that differ in case and spaces only are one. */
const keyOf = (value: Value): string =>
  (typeof value === "string" ? value : JSON.stringify(value)).trim().replaceAll(/\s+/g, " ").toLowerCase();

const readField = ({ individual, employment }: EmployeeRecord, field: Field): Value => {
  switch (field) {
    case "first_name":
    case "middle_name":
    case "last_name":
      return textOf(individual?.[field]) ?? textOf(employment?.[field]) ?? null;
    case "preferred_name":
    case "dob":
    case "gender":
      return textOf(individual?.[field]) ?? null;
    case "residence":
      return individual?.residence && Object.values(individual.residence).some(Boolean) ? individual.residence : null;
    case "department":
      return textOf(employment?.department?.name) ?? null;
    case "is_active":
      return employment?.is_active ?? null;
    case "title":
    case "employment_status":
    case "start_date":
    case "end_date":
      return textOf(employment?.[field]) ?? null;
  }
};

const textOf = (text: string | null | undefined): string | undefined => (text?.trim() ? text : undefined);

const choose = (
  said: readonly Said[],
  settings: Survivorship,
  rules: readonly SurvivorshipRule[],
): { readonly won: Said; readonly rule: string } => {
  let left = said;
  for (const rule of settings.preferred_connections ? (["preferred_connection", ...rules] as const) : rules) {
    const scores = left.map((each) => scoreBy[rule](each, settings));
    const best = scores.reduce((most, score) => (compareText(score, most) > 0 ? score : most));
    left = left.filter((_, at) => scores[at] === best);
    const [won] = left;
    if (left.length === 1 && won) return { won, rule };
  }
  // What no rule tells apart is chosen by something that does not depend on the order.
  const won = left.reduce((least, each) => (compareText(each.key, least.key) < 0 ? each : least));
  return { won, rule: "first_in_alphabet" };
};

const number = (count: number): string => `${count}`.padStart(9, "0");

/** A text by which a rule orders values; the greatest wins. */
const scoreBy: Readonly<Record<SurvivorshipRule, (said: Said, settings: Survivorship) => string>> = {
  newest: ({ from }) => from.map(dateOf).toSorted().at(-1) ?? "",
  most_complete: ({ key }) => number(key.length),
  most_frequent: ({ from }) => number(from.length),
  preferred_connection: ({ from }, { preferred_connections: preferred = [] }) =>
    number(
      Math.max(
        ...from.map(({ connection_id: id }) => (preferred.includes(id) ? preferred.length - preferred.indexOf(id) : 0)),
      ),
    ),
};

/** How new a record is: the latest date of its employment; a record of somebody active is newer than of one who left. */
const dateOf = ({ employment }: EmployeeRecord): string => {
  if (!employment) return "";
  const dates = [employment.start_date, employment.latest_rehire_date, employment.end_date];
  const latest = dates.reduce<string>((most, date) => (typeof date === "string" && date > most ? date : most), "");
  return `${employment.is_active === true ? 1 : 0}${latest}`;
};
