import { type Connection, type Group, groupOf, stateOf } from "./connection.ts";

/** What is shown in one place: a connection, or those that may be one employer's. */
export type Item =
  | { readonly kind: "one"; readonly connection: Connection }
  | { readonly kind: "same"; readonly connections: readonly Connection[] };

const rank = (connection: Connection): number => {
  const group = groupOf(stateOf(connection));
  return group === "attention" ? 0 : group === "progress" ? 1 : 2;
};

const firstCompany = ({ companies }: Connection): string => companies[0]?.name ?? "";

/** What needs the customer first, then what is under way, then by provider and company. */
export const inOrder = (connections: readonly Connection[], language: string): readonly Connection[] => {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  return connections.toSorted(
    (one, other) =>
      rank(one) - rank(other) ||
      compare(one.providerName, other.providerName) ||
      compare(firstCompany(one), firstCompany(other)) ||
      compare(one.id, other.id),
  );
};

/** The others of the list that may be the same employer's as this connection, itself first. */
export const sameEmployer = (
  connection: Connection,
  byId: ReadonlyMap<string, Connection>,
): readonly [Connection, ...Connection[]] => {
  const found = new Set([connection]);
  // A set is walked while it grows: whoever is like one of them is one of them.
  for (const { possibleDuplicates } of found) {
    for (const id of possibleDuplicates) {
      const other = byId.get(id);
      if (other !== undefined && stateOf(other) !== "removing") found.add(other);
    }
  }
  return [connection, ...[...found].filter((other) => other !== connection)];
};

/** Puts connections that may be one employer's together, where the first of them is. */
export const together = (ordered: readonly Connection[]): readonly Item[] => {
  const byId = new Map(ordered.map((connection) => [connection.id, connection]));
  const done = new Set<string>();
  const items: Item[] = [];
  for (const connection of ordered) {
    if (done.has(connection.id)) continue;
    const connections = stateOf(connection) === "removing" ? [connection] : sameEmployer(connection, byId);
    for (const { id } of connections) done.add(id);
    items.push(connections.length > 1 ? { kind: "same", connections } : { kind: "one", connection });
  }
  return items;
};

/** How many connections each group has. */
export const countGroups = (connections: readonly Connection[]): Readonly<Record<Group, number>> => {
  const counts = { all: connections.length, attention: 0, progress: 0, good: 0 };
  for (const connection of connections) {
    const group = groupOf(stateOf(connection));
    if (group !== null) counts[group] += 1;
  }
  return counts;
};

/** How many different companies there are; one that is in two connections is one. */
export const countCompanies = (connections: readonly Connection[]): number =>
  new Set(connections.flatMap(({ companies }) => companies.map(({ name, id }) => name ?? id))).size;

const searched = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** The connections of a group in which each word of the search is found: in a company, the provider or the sign-in. */
export const find = (connections: readonly Connection[], group: Group, search: string): readonly Connection[] => {
  const words = searched(search)
    .split(/\s+/)
    .filter((word) => word !== "");
  return connections.filter((connection) => {
    if (group !== "all" && groupOf(stateOf(connection)) !== group) return false;
    if (words.length === 0) return true;
    const { providerName, username, companies } = connection;
    const names = companies.map(({ name, taxDigits }) => `${name ?? ""} ${taxDigits ?? ""}`);
    const text = searched([providerName, username ?? "", ...names].join(" "));
    return words.every((word) => text.includes(word));
  });
};

/** A company that several connections name alike, or null: what makes them look like the same employer's. */
export const sharedCompany = ([first, ...others]: readonly Connection[]): string | null =>
  first?.companies.find(
    ({ name }) => name !== null && others.every((other) => other.companies.some((c) => c.name === name)),
  )?.name ?? null;
