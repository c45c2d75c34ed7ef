/** Reads the tables of `docs/storage.md`, and holds the items of a real table against them. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An attribute as the document has it: `entities[].name`, its types, and whether each item has it. */
export interface DocumentedAttribute {
  readonly path: string;
  /** DynamoDB's type names; the members of a list or an open map, in the attribute's own name with `[]`. */
  readonly types: readonly string[];
  /** The type of the members of an `L of …` or `M of …`; undefined for any other type. */
  readonly members: string | undefined;
  readonly always: boolean;
}

/** A kind of item as the document has it. */
export interface DocumentedKind {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
  readonly attributes: readonly DocumentedAttribute[];
  /** The functions that write it. */
  readonly writers: readonly string[];
}

/** An index as the document has it. */
export interface DocumentedIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly projection: string;
}

/** What `docs/storage.md` says, as far as a test can hold it against a table. */
export interface StorageDocument {
  readonly kinds: readonly DocumentedKind[];
  readonly indexes: readonly DocumentedIndex[];
}

/** An item as DynamoDB's own client gives it. */
export type StoredItem = Readonly<Record<string, AttributeValue>>;

/**
 * Reads the document: each `###` section that begins with a table of keys is a kind of item.
 *
 * @throws Error naming the row that cannot be read.
 */
export const parseStorageDocument = (markdown: string): StorageDocument => {
  const sections = markdown.split(/^#{2,3} /m).map((text) => ({ name: text.split("\n", 1)[0] ?? "", text }));
  const indexes = sections
    .flatMap(({ text }) => readTable(text, "index"))
    .map(([name = "", , partitionKey = "", sortKey = "", projection = ""]) => ({
      name,
      partitionKey,
      sortKey,
      projection,
    }));
  const kinds = sections.flatMap(({ name, text }) => {
    const key = new Map(readTable(text, "key").map(([part = "", value = ""]) => [part, value]));
    const pk = key.get("pk");
    const sk = key.get("sk");
    if (pk === undefined || sk === undefined) return [];
    const attributes = readTable(text, "attribute").map(readAttribute);
    return [{ name, pk, sk, attributes, writers: readTable(text, "written by").flatMap(readWriters) }];
  });
  return { kinds, indexes };
};

/** The rows of the table whose first heading is this one, without the backquotes around whole cells. */
const readTable = (text: string, firstHeading: string): string[][] => {
  const lines = text.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${firstHeading} |`));
  if (head === -1) return [];
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end === -1 ? rows.length : end).map((line) =>
    line
      .slice(1, line.lastIndexOf("|"))
      .split("|")
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1")),
  );
};

/** One function, or several that write alike: `a`, `b`. */
const readWriters = ([cell = ""]: readonly string[]): string[] =>
  cell.split(", ").map((name) => name.replaceAll("`", ""));

const readAttribute = ([path = "", type = "", present = ""]: readonly string[]): DocumentedAttribute => {
  const [, members] = /^[LM] of (\w+)$/.exec(type) ?? [];
  const types = (members === undefined ? type : type.slice(0, 1)).split(" or ");
  if (types.some((each) => !/^([SNBML]|NULL|BOOL)$/.test(each)) || !/^(always|sometimes)$/.test(present)) {
    throw new Error(`docs/storage.md: cannot read the row of ${path}: ${type}, ${present}`);
  }
  return { path, types, members, always: present === "always" };
};

/**
 * What is in the table and not in the document, or the other way round: one sentence each, none twice. Values are never
 * part of a sentence.
 */
export const compareWithTable = ({ kinds }: StorageDocument, items: readonly StoredItem[]): string[] => {
  const findings = new Set<string>();
  const found = new Set<string>();
  for (const item of items) {
    const kind = kinds.find(({ pk, sk }) => fits(pk, item["pk"], item) && fits(sk, item["sk"], item));
    if (kind === undefined) {
      findings.add(
        `an item with the key ${describeKey(item["pk"])} / ${describeKey(item["sk"])} is of no documented kind`,
      );
      continue;
    }
    found.add(kind.name);
    const { pk: _pk, sk: _sk, ...attributes } = item;
    for (const path of compareMap(kind, "", attributes, findings)) found.add(`${kind.name} ${path}`);
  }
  for (const kind of kinds) {
    if (!found.has(kind.name)) findings.add(`${kind.name}: documented, but there is no such item`);
    for (const { path, always } of kind.attributes) {
      if (always && found.has(kind.name) && !found.has(`${kind.name} ${path}`)) {
        findings.add(`${kind.name}: ${path} is documented, but no item has it`);
      }
    }
  }
  return [...findings].toSorted();
};

/** Whether a key is of this form, and says the same as the item's own attributes where it has them. */
const fits = (form: string, key: AttributeValue | undefined, item: StoredItem): boolean => {
  const pattern = form.replace(/\{(\w+)\}/g, "(?<$1>[^#]+)");
  const match = new RegExp(`^${pattern}$`).exec(key?.S ?? "");
  return (
    match !== null && Object.entries(match.groups ?? {}).every(([name, value]) => (item[name]?.S ?? value) === value)
  );
};

const describeKey = (key: AttributeValue | undefined): string => (key?.S ?? "?").replace(/[^#]*[^#A-Z][^#]*/g, "…");

/** Compares the attributes of one map with the document, and returns the paths that are in both. */
const compareMap = (
  kind: DocumentedKind,
  prefix: string,
  map: Readonly<Record<string, AttributeValue>>,
  findings: Set<string>,
): string[] => {
  for (const { path, always } of kind.attributes) {
    const name = path.startsWith(prefix) ? path.slice(prefix.length) : "";
    if (always && /^\w+$/.test(name) && map[name] === undefined) {
      findings.add(`${kind.name}: ${path} is always there by the document, and missing from an item`);
    }
  }
  return Object.entries(map).flatMap(([name, value]) => compareValue(kind, `${prefix}${name}`, value, findings));
};

const compareValue = (kind: DocumentedKind, path: string, value: AttributeValue, findings: Set<string>): string[] => {
  const attribute = kind.attributes.find((each) => each.path === path);
  if (attribute === undefined) {
    findings.add(`${kind.name}: ${path} is stored, but not documented`);
    return [];
  }
  const type = typeOf(value);
  if (!attribute.types.includes(type)) {
    findings.add(`${kind.name}: ${path} is ${type}, documented as ${attribute.types.join(" or ")}`);
    return [];
  }
  if (attribute.members === undefined) {
    return [path, ...(value.M === undefined ? [] : compareMap(kind, `${path}.`, value.M, findings))];
  }
  const members = value.L ?? Object.values(value.M ?? {});
  return [path, ...members.flatMap((member) => compareMember(kind, attribute, member, findings))];
};

const compareMember = (
  kind: DocumentedKind,
  { path, members }: DocumentedAttribute,
  member: AttributeValue,
  findings: Set<string>,
): string[] => {
  if (typeOf(member) !== members) {
    findings.add(`${kind.name}: ${path} has members of type ${typeOf(member)}, documented as ${members}`);
    return [];
  }
  return member.M === undefined ? [] : compareMap(kind, `${path}[].`, member.M, findings);
};

const typeOf = (value: AttributeValue): string => Object.keys(value)[0] ?? "?";
