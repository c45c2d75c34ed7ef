/** Connections that may be one employer's: which are marked, and which somebody wants to keep. */
import { type Connection, isInUse } from "#shared/connection/connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { wrong } from "./compare.ts";
import type { Model } from "./model.ts";
import { functionLifeMs, type Perch } from "./perch.ts";

const pairOf = (one: string, other: string): string => [one, other].toSorted().join(" and ");

/** Somebody says that a connection and its possible duplicates are all wanted. */
export const keep = async (model: Model, perch: Perch, connectionId: string, fault?: Point): Promise<void> => {
  const { customerId } = model.connections.get(connectionId) ?? { customerId: "" };
  perch.story.push(
    `${customerId} keeps ${connectionId} and its duplicates${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`,
  );
  const find = () => perch.memory.connections.get(`${customerId}#${connectionId}`);
  const marked = (find()?.possibleDuplicates ?? []).filter((id) => model.connections.has(id));
  const { wasFaulty } = await perch.run(fault, functionLifeMs, (ports) =>
    keepDuplicate(ports)(customerId as CustomerId, connectionId as ConnectionId),
  );
  const kept = marked.filter((id) => find()?.keptDuplicates.includes(id));
  if (!wasFaulty && kept.length < marked.length) throw wrong(perch, `${connectionId}'s duplicates are not kept`);
  for (const id of kept) model.kept.add(pairOf(connectionId, id));
};

/** Those that are alike are marked or kept, on both sides, and told of once; nobody is marked with what is gone. */
export const auditDuplicates = (model: Model, { memory }: Perch): string[] => {
  const all = [...memory.connections.values()];
  const found: string[] = [];
  for (const one of all) {
    for (const id of [...one.possibleDuplicates, ...one.keptDuplicates]) {
      const other = all.find((each) => each.connectionId === id);
      const isMutual = [...(other?.possibleDuplicates ?? []), ...(other?.keptDuplicates ?? [])].includes(
        one.connectionId,
      );
      if (other?.customerId !== one.customerId)
        found.push(`${one.connectionId} is marked with ${id}, which is not there`);
      else if (!isMutual) found.push(`${one.connectionId} is marked with ${id}, and not the other way round`);
      if (one.keptDuplicates.includes(id as ConnectionId) && !model.kept.has(pairOf(one.connectionId, id))) {
        found.push(`${one.connectionId} and ${id} are kept, and nobody said so`);
      }
    }
    for (const other of all) {
      if (one.connectionId >= other.connectionId || !areAlike(one, other)) continue;
      const pair = pairOf(one.connectionId, other.connectionId);
      const isKept = one.keptDuplicates.includes(other.connectionId);
      if (!isKept && !one.possibleDuplicates.includes(other.connectionId))
        found.push(`${pair} are alike, and not marked`);
      if (!isKept && model.kept.has(pair)) found.push(`${pair} are to be kept, and marked`);
      const told = memory.written.filter(
        ({ type, subject, detail, time }) =>
          type === "PossibleDuplicateFound" &&
          "duplicate_connection_id" in detail &&
          pairOf(subject.id, detail.duplicate_connection_id ?? "") === pair &&
          time >= one.createdAt &&
          time >= other.createdAt,
      );
      if (told.length !== 1) found.push(`${pair} are alike, and it was told ${told.length} times`);
    }
  }
  return found;
};

const areAlike = (one: Connection, other: Connection): boolean =>
  one.customerId === other.customerId &&
  one.providerId === other.providerId &&
  isInUse(one) &&
  isInUse(other) &&
  (one.companyId === other.companyId ||
    one.entities.some(
      ({ sourceId }) => sourceId !== null && other.entities.some((each) => each.sourceId === sourceId),
    ));
