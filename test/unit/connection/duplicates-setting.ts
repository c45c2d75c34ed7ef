/** Connections that may be the same employer's, and what a look does about it. */
import { expect } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { createSetting } from "./setting.ts";

export const createDuplicatesSetting = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const stored = async ({ customerId, connectionId }: Connection) =>
    (await setting.connections.find(customerId, connectionId)) ?? expect.fail();
  const look = async (connection: Connection, deps = setting.deps) =>
    markPossibleDuplicates(deps)(await stored(connection));
  const keep = (connection: Connection) => keepDuplicate(setting.deps)(acme, connection.connectionId);
  const marksOf = async (connection: Connection) => (await stored(connection)).possibleDuplicates;
  const told = () => setting.events().filter(({ type }) => type === "PossibleDuplicateFound");
  const connect = (changes: Partial<Connection> = {}, customerId: CustomerId = acme) =>
    setting.connect(customerId, changes);
  /** Somebody else's change. */
  const change = async (connection: Connection, changes: Partial<Connection>) => {
    const before = await stored(connection);
    await setting.connections.replace({ ...before, ...changes, version: before.version + 1 }, []);
  };
  /** It is removed, and nobody has taken it from the marks of the others. */
  const remove = async (connection: Connection) => {
    const ended = { tombstone: null, counts: true, events: [] };
    expect(await setting.connections.remove(await stored(connection), ended)).toBe(true);
  };
  return { ...setting, acme, connect, stored, look, keep, marksOf, told, change, remove };
};

/** Entities with these ids at the provider. */
export const entities = (...sourceIds: readonly (string | null)[]) =>
  sourceIds.map((sourceId, at) => ({ id: `entity-${at}`, name: null, sourceId, status: null }));
