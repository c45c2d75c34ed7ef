import type { NudgeChecks } from "./check-request.ts";
import type { Connection } from "./connection.ts";
import { companyMark, type EmployerMarks, findMarked, type MarkedConnection } from "./employer-marks.ts";
import type { Surroundings } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface SiblingsDependencies {
  readonly connections: Pick<ConnectionStore, "find">;
  readonly marks: Pick<EmployerMarks, "listOwn" | "listOthers" | "remove">;
}

/** Connections of the same company at the same provider. */
export interface Siblings {
  /** The same customer's. */
  readonly own: readonly Connection[];
  /** Other customers': to be counted, and to be looked at, and told to nobody. */
  readonly others: readonly Connection[];
  /** There are more of the one kind or of the other. */
  readonly isCapped: boolean;
}

/** So many of each kind are looked for. */
export const mostSiblings = 100;

/**
 * Finds a connection's siblings. Finch's reference says that a disconnect may end all tokens of the pair of employer and
 * provider, so that these may fall with it. Without a company nothing is known of any. Costs what there is, capped.
 */
export const findSiblings = async (deps: SiblingsDependencies, connection: Connection): Promise<Siblings> => {
  const company = companyMark(connection);
  if (company === undefined) return { own: [], others: [], isCapped: false };
  const { customerId, connectionId } = connection;
  const isAnother = (each: MarkedConnection) => each.connectionId !== connectionId;
  const [own, others] = await Promise.all([
    // Itself, and one more than is told.
    deps.marks.listOwn(company, customerId, mostSiblings + 2),
    deps.marks.listOthers(company, customerId, mostSiblings + 1),
  ]);
  const ownOthers = own.filter(isAnother);
  return {
    own: await findMarked(deps, company, ownOthers.slice(0, mostSiblings)),
    others: await findMarked(deps, company, others.slice(0, mostSiblings)),
    isCapped: ownOthers.length > mostSiblings || others.length > mostSiblings,
  };
};

/**
 * Asks for a look at each sibling: what Finch has just confirmed may have ended them, too, and Finch alone knows. Asking is
 * all that is done to them. Never throws: each falls due for a look by itself.
 */
export const askAboutSiblings = async (
  deps: SiblingsDependencies & Pick<Surroundings, "now"> & { readonly nudgeChecks: NudgeChecks },
  connection: Connection,
): Promise<void> => {
  try {
    const { own, others } = await findSiblings(deps, connection);
    const askedAt = deps.now();
    await deps.nudgeChecks(
      [...own, ...others].map(({ customerId, connectionId, createdAt }) => ({
        ...{ customerId, connectionId, askedAt, madeAt: createdAt },
        reason: "sibling" as const,
      })),
    );
  } catch {
    // A hint only.
  }
};
