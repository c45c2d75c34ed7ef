import { setTimeout as sleep } from "node:timers/promises";
import { type FoundConnection, listConnections, pathOf } from "./find-connections.ts";
import { forEach } from "./for-each.ts";
import type { PatientApi } from "./patient-api.ts";

/** What became of the connections. */
export interface Revoked {
  /** Asked for now, or before: out of use, and Perch goes on until Finch confirms. */
  readonly disconnecting: readonly FoundConnection[];
  /** Ended since they were listed. */
  readonly gone: readonly FoundConnection[];
  /** Still in use: the API refused, or answered nothing for long. */
  readonly failed: readonly (FoundConnection & { readonly answer: number })[];
}

const atOnce = 16;
const pollEveryMs = 2_000;

/**
 * Asks for the end of each. Whoever is `disconnecting` cannot be used from then on; the rest is Perch's own work, at its own
 * pace. Held connections are ended at Finch as well, since their tokens work there.
 *
 * @param onDone is told how many have been asked for.
 */
export const revokeConnections = async (
  api: PatientApi,
  connections: readonly FoundConnection[],
  onDone: (count: number) => void,
): Promise<Revoked> => {
  const revoked = {
    disconnecting: [] as FoundConnection[],
    gone: [] as FoundConnection[],
    failed: [] as (FoundConnection & { answer: number })[],
  };
  let count = 0;
  await forEach(connections, atOnce, async (connection) => {
    const path = `${pathOf(connection.customer_id)}/${connection.connection_id}?disconnect=true`;
    const { status } = await api.call("DELETE", path);
    if (status === 202) revoked.disconnecting.push(connection);
    else if (status === 404 || status === 204) revoked.gone.push(connection);
    else revoked.failed.push({ ...connection, answer: status });
    count += 1;
    onDone(count);
  });
  return revoked;
};

/**
 * Waits until Finch has confirmed the end of each: until the API has them no more.
 *
 * @param onDone is told how many have ended.
 * @throws the signal's reason when it is given.
 */
export const awaitEnds = async (
  api: PatientApi,
  connections: readonly FoundConnection[],
  signal: AbortSignal,
  onDone: (count: number) => void,
): Promise<void> => {
  const left = Map.groupBy(connections, ({ customer_id: id }) => id);
  while (left.size > 0) {
    await forEach([...left], atOnce, async ([customerId, own]) => {
      const there = new Set<string>();
      for await (const each of listConnections(api, customerId, "status=disconnecting")) {
        if (each !== "no customer") there.add(each.connection_id);
      }
      const waiting = own.filter(({ connection_id: id }) => there.has(id));
      if (waiting.length > 0) left.set(customerId, waiting);
      else left.delete(customerId);
    });
    const waiting = [...left.values()].flat().length;
    onDone(connections.length - waiting);
    if (waiting > 0) await sleep(pollEveryMs, undefined, { signal });
  }
};
