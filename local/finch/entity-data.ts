/** What a made-up employer holds, as a test or the sign-in page may set it for an entity. All of it has a default. */
import { type ErrorKind, findErrorKind } from "./errors.ts";
import { asObject } from "./http.ts";
import { type Overlap, peopleRange } from "./people.ts";

/** The products that the simulator can read, as their paths spell them. */
export const readProducts = ["company", "directory", "individual", "employment"] as const;

/** One of these products. */
export type ReadProduct = (typeof readProducts)[number];

/** What was set for an entity. */
export type EntityData = {
  /** How many people. */
  readonly people?: number | undefined;
  /** Which people: the same for the same seed, wherever it is. */
  readonly seed?: string | undefined;
  readonly overlap?: Overlap | undefined;
  /** Which part of the people cannot be read by a batch, and why. */
  readonly itemErrors?: Readonly<Partial<Record<ErrorKind, number>>> | undefined;
  /** What is answered instead of a product's data, such as `not_implemented_error`. */
  readonly answers?: Readonly<Partial<Record<ReadProduct, ErrorKind>>> | undefined;
};

/** Whether an employer may have so many people. */
export const isPeopleCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= peopleRange.least && value <= peopleRange.most;

/**
 * Parses `{people?, seed?, overlap?: {seed, share, variations?}, item_errors?: {error: share}, answers?: {product: error}}`,
 * where an error is any name of one of Finch's.
 *
 * @returns a sentence that names the bad field, when there is one.
 */
export const parseEntityData = (body: Readonly<Record<string, unknown>>): EntityData | { readonly refused: string } => {
  const { people, seed, overlap, item_errors: itemErrors, answers } = body;
  if (people !== undefined && !isPeopleCount(people)) {
    return { refused: `people must be a whole number from ${peopleRange.least} to ${peopleRange.most}` };
  }
  if (seed !== undefined && typeof seed !== "string") return { refused: "seed must be a string" };
  const shared = overlap === undefined ? undefined : parseOverlap(overlap);
  if (overlap !== undefined && !shared) {
    return { refused: "overlap must have a seed, and a share and perhaps variations from 0 to 1" };
  }
  const failing = itemErrors === undefined ? undefined : parseMap(itemErrors, findErrorKind, asShare);
  if (itemErrors !== undefined && !failing) return { refused: "item_errors must map Finch's errors to shares" };
  const product = (name: string) => readProducts.find((known) => known === name);
  const answered = answers === undefined ? undefined : parseMap(answers, product, asErrorKind);
  if (answers !== undefined && !answered) {
    return { refused: `answers must map some of ${readProducts.join(", ")} to Finch's errors` };
  }
  return { people, seed, overlap: shared, itemErrors: failing, answers: answered };
};

const asShare = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 && value <= 1 ? value : undefined;

const asErrorKind = (value: unknown): ErrorKind | undefined =>
  typeof value === "string" ? findErrorKind(value) : undefined;

const parseOverlap = (value: unknown): Overlap | undefined => {
  const { seed, share, variations = 0 } = asObject(value) ?? {};
  const [part, varied] = [asShare(share), asShare(variations)];
  if (typeof seed !== "string" || part === undefined || varied === undefined) return undefined;
  return { seed, share: part, variations: varied };
};

const parseMap = <Name extends string, Value>(
  value: unknown,
  toName: (name: string) => Name | undefined,
  toValue: (value: unknown) => Value | undefined,
): Partial<Record<Name, Value>> | undefined => {
  const given = asObject(value);
  if (!given) return undefined;
  const parsed: Partial<Record<Name, Value>> = {};
  for (const [key, item] of Object.entries(given)) {
    const [name, meant] = [toName(key), toValue(item)];
    if (name === undefined || meant === undefined) return undefined;
    parsed[name] = meant;
  }
  return parsed;
};
