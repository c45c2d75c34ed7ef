import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "./permissions-of.ts";
import { isAllowed } from "./policy-decision.ts";
import { root } from "./support.ts";

export const table = "ConnectionTable/Table";
export const tokenKey = "TokenKey/Key";
/** The key of rosters' pages, and their bucket. */
export const pagesKey = "RosterPages/Key";
export const bucket = "RosterPages/Bucket";

/** What an encryption context puts before IAM. */
export const contextOf = (...names: readonly ("customer_id" | "connection_id" | "roster_id")[]) =>
  Object.fromEntries(names.map((name) => [`kms:EncryptionContext:${name}`, ["of-somebody"]]));

const bothNames = contextOf("customer_id", "connection_id");
const ofRoster = contextOf("customer_id", "roster_id");

/** Every kind of item there is, as the one file that spells keys has them. */
export const itemKinds: readonly string[] = [
  ...new Set(
    [...readFileSync(join(root, "shared/dynamodb/keys.ts"), "utf8").matchAll(/pk: [`"]([A-Z]+)#/g)].map(
      ([, kind = ""]) => kind,
    ),
  ),
].toSorted();

/** What whoever has a function's role can do, in the words of `docs/threat-model.md`. */
export interface Reach {
  /** `opens` or `seals` tokens, or pages of people, that it can name. */
  readonly tokens: readonly string[];
  /** What it comes to know without being told an identifier. */
  readonly finds: readonly string[];
  /** Kinds of items that it reads by their keys, which it has to know. */
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly credentials: readonly string[];
}

/** Puts every call that matters to the role's policy, and notes which it allows. */
export const reachOf = (statements: readonly Statement[]): Reach => {
  const may = (action: string, resource: string, context: Record<string, readonly string[]> = {}) =>
    isAllowed(statements, { action, resource, context });
  const onKind = (action: string, kind: string, index = "") =>
    may(`dynamodb:${action}`, `${table}${index}`, { "dynamodb:LeadingKeys": [`${kind}#of-somebody`] });
  const named = (...names: readonly (readonly [string, boolean])[]) =>
    names.filter(([, isSo]) => isSo).map(([name]) => name);
  return {
    tokens: named(
      ["opens", may("kms:Decrypt", tokenKey, bothNames)],
      ["seals", may("kms:Encrypt", tokenKey, bothNames)],
      ["opens people", may("kms:Decrypt", pagesKey, ofRoster)],
      ["seals people", may("kms:GenerateDataKey", pagesKey, ofRoster)],
    ),
    finds: [
      ...named(
        ["a customer's connections", onKind("Query", "CUSTOMER", "/index/listed")],
        ["all customers and sessions", may("dynamodb:Query", `${table}/index/ledger`)],
        ["keys of what is due", may("dynamodb:Query", `${table}/index/due`)],
        ["every new state of an item", may("dynamodb:GetRecords", `${table}.StreamArn`)],
        ["customers who have rosters", may("s3:ListBucket", bucket, { "s3:prefix": ["pages/"] })],
        ["names of secrets", may("secretsmanager:ListSecrets", "*")],
      ),
      ...itemKinds.filter((kind) => onKind("Query", kind)).map((kind) => `in \`${kind}\``),
      ...statements
        .filter(({ actions }) => actions.includes("sqs:ReceiveMessage"))
        .flatMap(({ resources }) => resources.map((queue) => `messages of ${queue.replace("/Queue", "")}`)),
    ],
    reads: itemKinds.filter((kind) => onKind("GetItem", kind)),
    changes: itemKinds.filter((kind) => ["PutItem", "UpdateItem", "DeleteItem"].some((action) => onKind(action, kind))),
    credentials: named(
      ["Finch's", may("secretsmanager:GetSecretValue", "FinchApplication/Secret")],
      ["the hash key", may("secretsmanager:GetSecretValue", "HashKey/Secret")],
    ),
  };
};

/** The reach as a row of the page's table. */
export const toRow = (name: string, { tokens, finds, reads, changes, credentials }: Reach): string => {
  const kinds = (list: readonly string[]) => list.map((kind) => `\`${kind}\``).join(" ");
  const cells = [tokens.join(", "), finds.join("; "), kinds(reads), kinds(changes), credentials.join(", ")];
  return `| \`${name}\` | ${cells.map((cell) => cell || "–").join(" | ")} |`;
};
