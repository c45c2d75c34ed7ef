/** What tests of rosters begin with: a connection that is to be read, and rosters that have been made. */
import { expect } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { RosterEventDetail } from "#shared/connection/events.ts";
import { listEmployees } from "#shared/roster/find-employees.ts";
import { ann, annAgain, bea, carl, createRosterSetting, dora } from "./setting.ts";

/** Five people: three pages of two. */
export const everybody = [ann, bea, carl, dora, { ...annAgain, id: "eve-1", first: "Eve" }];

/** A roster that is planned, of one connection with everybody. */
export const createReadingStage = async (options?: Parameters<typeof createRosterSetting>[0]) => {
  const setting = await createRosterSetting(options);
  const connection = await setting.employ(everybody);
  const roster = await setting.start();
  await setting.plan(roster);
  const { connectionId } = connection;
  const readAll = async () => {
    const waited = await setting.read(roster, connectionId);
    const [read] = await setting.reads(roster);
    const [entity] = read?.entities ?? [];
    return { waited, read: read ?? expect.fail(), entity: entity ?? expect.fail() };
  };
  const request = { customerId: setting.acme, rosterId: roster.rosterId, connectionId };
  return { ...setting, connection, roster, readAll, request };
};

/** All that is read of people, and SSNs. */
export const products = ["directory", "individual", "employment", "ssn"];

/** A roster that is planned, of one connection that is like this. */
export const createEntityStage = async (
  changes: Partial<Connection>,
  options?: Parameters<typeof createRosterSetting>[0],
) => {
  const setting = await createRosterSetting(options);
  const connection = await setting.employ([ann, bea, carl], changes);
  setting.employed.set("entity-2", [dora]);
  setting.employed.set("null", [ann]);
  const roster = await setting.start();
  await setting.plan(roster);
  const readAll = async () => {
    const waited = await setting.read(roster, connection.connectionId);
    const [read = expect.fail()] = await setting.reads(roster);
    return { waited, read };
  };
  return { ...setting, connection, roster, readAll };
};

/** What it takes to make rosters, one after the other, and to see what became of them. */
export const createRosterStage = async () => {
  const setting = await createRosterSetting();
  const { acme, deps, memory } = setting;
  const all = { limit: 100, from: undefined, connectionId: undefined, name: undefined, email: undefined };
  const list = async (changes: Partial<typeof all> | object = {}) =>
    (await listEmployees(deps)(acme, { ...all, ...changes })) ?? expect.fail("there is no roster");
  const run = async () => setting.finish(await setting.start());
  const told = (): RosterEventDetail => {
    const event = memory.written.findLast(({ type }) => type === "RosterReady");
    return event?.type === "RosterReady" ? event.detail : expect.fail();
  };
  return { ...setting, list, run, told };
};
/** Family names, in their order. */
export const names = (items: readonly { readonly fields: { readonly last_name?: unknown } }[]) =>
  items.map(({ fields }) => fields.last_name);
