/** Who works for an employer of the simulated Finch, as it has made them up: what must not be found where it has no place. */
import { type Identity, identityOf } from "../../local/finch/identity.ts";
import { controlFinch } from "./finch.ts";

/** Somebody in a connection's directory. */
export type Employed = Identity & { readonly individualId: string };

/** Everybody at these connections, by Finch's own account, past its API. */
export const readEmployed = async (connectionIds: readonly string[]): Promise<readonly Employed[]> => {
  const told = await Promise.all(
    connectionIds.map((id) =>
      controlFinch<{ people: readonly { individual_id: string; person: string }[] }>("GET", `employers/${id}`),
    ),
  );
  return told.flatMap(({ people }) =>
    people.map(({ individual_id: individualId, person }) => {
      const at = person.lastIndexOf("#");
      return { individualId, ...identityOf(person.slice(0, at), Number(person.slice(at + 1))) };
    }),
  );
};

/** Nine digits that stand for themselves, with or without an SSN's hyphens; not those within a UUID, a hash or a time. */
const nineDigits = /(?<![\w-])\d{3}(-?)\d{2}\1\d{4}(?![\w-])/g;

/** Which SSNs of these people are in a text. Of thousands of numbers one would be met by chance within longer ones. */
export const findSsns = (text: string, people: readonly Employed[]): readonly string[] => {
  const known = new Set(people.map(({ ssn }) => ssn.replaceAll("-", "")));
  const found = new Set([...text.matchAll(nineDigits)].map(([digits]) => digits.replaceAll("-", "")));
  return [...found].filter((digits) => known.has(digits));
};
