/** What a request may carry. */
export type Json = Readonly<Record<string, string | number | boolean | null>>;

/** The fields of an answer's object, none of them trusted. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none when it is no object. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** A text that is not empty, or null. */
export const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** The texts of a list. */
export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

/** A whole number that is not below zero, or null. */
export const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;

/** A point in time, or null when there is none or it cannot be read. */
export const moment = (value: unknown): Date | null => {
  const date = new Date(typeof value === "string" ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
};
