/** The domain of rosters on fakes: a Finch that tells of people, a bucket in memory, and time that passes while one waits. */
import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { Employment, Individual } from "#shared/employee/record.ts";
import { planRoster } from "#shared/roster/plan-roster.ts";
import type { BatchItem, DirectoryEntry, NoPeople, PageContext, People, ToldIndividual } from "#shared/roster/ports.ts";
import { giveUpConnection, readConnection } from "#shared/roster/read-connection.ts";
import { reconcileRoster } from "#shared/roster/reconcile-roster.ts";
import type { Roster, RosterId } from "#shared/roster/roster.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { secret } from "#shared/secret.ts";
import { aTokenRecord, minute } from "../../support/builders.ts";
import { createSetting } from "../connection/setting.ts";

/** Somebody whom the fake Finch tells of. */
export interface Person {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly dob?: string;
  readonly email?: string;
  readonly ssn?: string;
}

/** The id of whoever has no usable one. */
export const nobody = "";

/** What Finch says instead, once for each; undefined: what is so. */
export type Instead = NoPeople | undefined;
type Read = keyof People;

const by = { caller: "backend-1", requestId: "request" } as const;

/** Fakes, with a customer; nobody is employed yet. */
export const createRosterSetting = async ({ pageSize = 2, asksForSsn = true } = {}) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const objects = new Map<string, string>();
  const placeOf = ({ customerId, rosterId }: PageContext, name: string) => `${customerId} ${rosterId} ${name}`;
  const pages = {
    put: async (context: PageContext, name: string, value: unknown) =>
      void objects.set(placeOf(context, name), JSON.stringify(value)),
    get: async (context: PageContext, name: string): Promise<unknown> => {
      const text = objects.get(placeOf(context, name));
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
  const dataKeys = {
    make: async () => ({ key: new Uint8Array(32).fill(7), sealed: new Uint8Array(32).fill(8) }),
    open: async () => new Uint8Array(32).fill(7),
  };

  const employed = new Map<string, readonly Person[]>();
  const instead: { readonly read: Read; readonly answer: NoPeople; readonly of?: string }[] = [];
  /** Who is not told of, and how often yet. */
  const untold = new Map<string, { times: number; readonly passes: boolean }>();
  const asked: { readonly read: Read; readonly entityId: string | null; readonly at: Date }[] = [];
  const missing = new Set<Read>();
  const ask = (read: Read, entityId: string | null): Instead => {
    asked.push({ read, entityId, at: setting.now() });
    if (missing.has(read)) return { kind: "not_supported" };
    const at = instead.findIndex(({ read: other, of = entityId }) => other === read && of === entityId);
    return at === -1 ? undefined : instead.splice(at, 1)[0]?.answer;
  };
  const batch = <Body>(ids: readonly string[], describe: (person: Person) => Body): readonly BatchItem<Body>[] =>
    ids.map((individualId) => {
      const left = untold.get(individualId);
      if (left !== undefined && left.times > 0) {
        left.times -= 1;
        return { individualId, kind: "untold", error: "individual_error", passes: left.passes };
      }
      const person = [...employed.values()].flat().find(({ id }) => id === individualId);
      if (person === undefined) throw new Error("nobody told of this person");
      return { individualId, kind: "told", body: describe(person) };
    });
  const people: People = {
    async readDirectory(_, entityId, { offset, limit }) {
      const other = ask("readDirectory", entityId);
      if (other !== undefined) return other;
      const all = employed.get(`${entityId}`) ?? [];
      const told = all.slice(offset, offset + limit).map(
        ({ id, first, last }): DirectoryEntry => ({
          ...{ id, first_name: first, middle_name: null, last_name: last, department: null, is_active: true },
        }),
      );
      return { kind: "page", people: told.filter(({ id }) => id !== nobody), told: told.length, count: all.length };
    },
    async readIndividuals(_, entityId, ids, withSsn) {
      const other = ask("readIndividuals", entityId);
      if (other !== undefined) return other;
      const describe = ({ first, last, dob, email, ssn }: Person): ToldIndividual => {
        const individual: Individual = {
          ...{ first_name: first, last_name: last, dob: dob ?? null },
          emails: email === undefined ? [] : [{ data: email, type: "work" }],
        };
        return { individual, ssn: withSsn && ssn !== undefined ? secret(ssn) : undefined };
      };
      return { kind: "batch", items: batch(ids, describe) };
    },
    async readEmployments(_, entityId, ids) {
      const other = ask("readEmployments", entityId);
      if (other !== undefined) return other;
      const describe = (): Employment => ({ title: "Baker", is_active: true, start_date: "2021-05-03" });
      return { kind: "batch", items: batch(ids, describe) };
    },
  };

  const executions = new Map<string, "on" | "over">();
  const deps = {
    ...setting.deps,
    ...{ pages, dataKeys, people, pageSize, asksForSsn, firstWaitSeconds: 30 },
    vault: { open: async () => secret("a token") },
    executions: {
      isRunning: async (name: string) => (executions.has(name) ? executions.get(name) === "on" : undefined),
      start: async (name: string) => void executions.set(name, "on"),
    },
  };

  const products = ["directory", "individual", "employment", "ssn"];
  /** A connection of the customer's, whose only entity has these people. */
  const employ = async (persons: readonly Person[], changes: Partial<Connection> = {}): Promise<Connection> => {
    const entityId = `entity-${employed.size + 1}`;
    employed.set(entityId, persons);
    return setting.connect(acme, {
      entities: [{ id: entityId, name: null, sourceId: null, status: "connected" }],
      tokens: [aTokenRecord({ products, entityIds: [entityId] })],
      ...changes,
    });
  };
  const hire = (connection: Connection, persons: readonly Person[]): void =>
    void employed.set(`${connection.entities[0]?.id}`, persons);

  const start = async (customerId: CustomerId = acme): Promise<Roster> => {
    const started = await startRoster(deps)(customerId, by);
    if (!started.ok) throw new Error(`no roster begins: ${started.refusal}`);
    return started.value;
  };
  const lease = (): Date => new Date(setting.now().getTime() + 10 * minute);
  /** Reads a connection to its end, waiting as it is told. Gives the seconds of each wait. */
  const read = async (roster: Roster, connectionId: ConnectionId): Promise<readonly number[]> => {
    const waited: number[] = [];
    const request = { customerId: roster.customerId, rosterId: roster.rosterId, connectionId };
    for (let step = 0; step < 300; step += 1) {
      const outcome = await readConnection(deps)(request, lease(), () => true);
      if (outcome.state === "done") return waited;
      if (outcome.state !== "wait") continue;
      waited.push(outcome.wait_seconds);
      setting.advance(outcome.wait_seconds * 1_000);
    }
    throw new Error("the connection is not read to its end");
  };
  const finish = async (roster: Roster) => {
    for (const id of await planRoster(deps)(acme, roster.rosterId, lease())) await read(roster, id);
    const outcome = await reconcileRoster(deps)(acme, roster.rosterId, lease());
    return { outcome, roster: await findRoster(roster.rosterId) };
  };
  const findRoster = async (rosterId: RosterId): Promise<Roster> => {
    const found = await setting.rosters.find(acme, rosterId);
    if (found === undefined) throw new Error("there is no such roster");
    return found;
  };

  return {
    ...setting,
    ...{
      deps,
      acme,
      objects,
      instead,
      untold,
      missing,
      asked,
      executions,
      by,
      employ,
      hire,
      start,
      lease,
      read,
      finish,
    },
    ...{ findRoster, employed },
    plan: (roster: Roster) => planRoster(deps)(acme, roster.rosterId, lease()),
    reads: (roster: Roster) => setting.rosters.reads(acme, roster.rosterId),
    giveUp: (roster: Roster, connectionId: ConnectionId) =>
      giveUpConnection(deps)({ customerId: acme, rosterId: roster.rosterId, connectionId }),
  };
};

export const ann: Person = {
  ...{ id: "ann-1", first: "Annabel", last: "Okonkwo", dob: "1988-04-12" },
  email: "ann@home.example",
};
export const bea: Person = { id: "bea-1", first: "Beatrix", last: "Lindqvist", dob: "1991-11-30" };
export const carl: Person = { id: "carl-1", first: "Carl", last: "Nakamura", dob: "1979-02-03" };
export const dora: Person = { id: "dora-1", first: "Dora", last: "Petrov", dob: "1965-07-21" };
/** Ann at another employer. */
export const annAgain: Person = { ...ann, id: "ann-2" };
