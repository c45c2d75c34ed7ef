/** What was read, put together again. */

import type { ConnectionId } from "../connection/identifiers.ts";
import type { EmployeeRecord, Employment, Individual } from "../employee/record.ts";
import type { DirectoryEntry, PageContext, PageName, PageVault } from "./ports.ts";
import type { ConnectionRead, Phase } from "./roster.ts";

/** An individual as a page keeps it. */
export interface StoredIndividual {
  readonly individual: Individual;
  readonly ssn_mark?: string;
}

/** Where a page of a connection's people lies; entities by their place, whose ids may have any character. */
export const pageName = (connectionId: ConnectionId, entityAt: number, page: number, phase: Phase): PageName =>
  `pages/${connectionId}/${entityAt}/${page}/${phase}`;

const atOnce = 8;

/** All records of the pages that were read to their end. */
export const readRecords = async (
  pages: Pick<PageVault, "get">,
  roster: PageContext,
  reads: readonly ConnectionRead[],
): Promise<EmployeeRecord[]> => {
  const wanted = reads.flatMap(({ connectionId, entities }) =>
    entities.flatMap(({ entityId, pages: count, missing }, entityAt) =>
      Array.from({ length: count }, (_, page) => ({ connectionId, entityId, entityAt, page, missing })),
    ),
  );
  const records: EmployeeRecord[] = [];
  for (let from = 0; from < wanted.length; from += atOnce) {
    const batch = wanted.slice(from, from + atOnce).map(async ({ connectionId, entityId, entityAt, page, missing }) => {
      const get = async (phase: Phase): Promise<unknown> => {
        if (missing[phase] !== undefined) return undefined;
        const found = await pages.get(roster, pageName(connectionId, entityAt, page, phase));
        // A page that is said to be there is there, for longer than any run.
        if (found === undefined && phase === "directory") throw new Error("a page of a roster is gone");
        return found;
      };
      const [people, individuals, employments] = (await Promise.all([
        get("directory"),
        get("individual"),
        get("employment"),
      ])) as [readonly DirectoryEntry[], Pages<StoredIndividual>, Pages<Employment>];
      const source = { connection_id: connectionId, entity_id: entityId };
      return people.map((entry) => toRecord(source, entry, individuals?.[entry.id], employments?.[entry.id]));
    });
    for (const found of await Promise.all(batch)) for (const record of found) records.push(record);
  }
  return records;
};

type Pages<Stored> = Readonly<Record<string, Stored | undefined>> | undefined;

/** Who could not be read as an individual, or only without a name, has at least the names that the directory tells. */
const toRecord = (
  source: { readonly connection_id: string; readonly entity_id: string | null },
  { id, first_name, middle_name, last_name, department, is_active }: DirectoryEntry,
  stored: StoredIndividual | undefined,
  employment: Employment | undefined,
): EmployeeRecord => ({
  ...source,
  individual_id: id,
  individual: { ...stored?.individual, ...(!hasName(stored?.individual) && { first_name, middle_name, last_name }) },
  employment: employment ?? { department, is_active },
  ...(stored?.ssn_mark !== undefined && { ssn_mark: stored.ssn_mark }),
});

const hasName = (individual: Individual | undefined): boolean =>
  [individual?.first_name, individual?.middle_name, individual?.last_name].some((name) => typeof name === "string");
