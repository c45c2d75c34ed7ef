import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { StoredItem } from "./storage-document.ts";

/** One item of each shape: those with the same attributes of the same types, of the same kind by their keys. */
export const oneOfEachShape = (items: readonly StoredItem[]): readonly StoredItem[] => [
  ...new Map(items.map((item) => [shapeOf({ M: item }, ""), item])).values(),
];

/** What an attribute's type is, and those within it; of a key, what kind of item it is of. */
const shapeOf = (value: AttributeValue, name: string): string => {
  if ((name === "pk" || name === "sk") && value.S !== undefined) return value.S.split("#", 1)[0] ?? "";
  if (value.L) return `[${value.L.map((each) => shapeOf(each, "")).join()}]`;
  if (!value.M) return Object.keys(value).join();
  const members = Object.entries(value.M).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([member, each]) => `${member}:${shapeOf(each, member)}`).join()}}`;
};
