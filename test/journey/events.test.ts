/** Each change has its event, which arrives on the deployed bus as `docs/events/` describes it; the outbox is empty then. */
import { afterAll, describe, expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { accept, introspect, pathOf } from "../support/connections.ts";
import { type BusEvent, breachesOf, documentedEvents, listen, outboxOf } from "../support/events.ts";
import { controlFinch, mintToken } from "../support/finch.ts";
import { withFault } from "../support/finch-faults.ts";
import { awaitDisconnected, awaitEntityEnded } from "../support/functions.ts";
import {
  comeBack,
  connect,
  createCustomer,
  reachCallback,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { awaitRoster } from "../support/rosters.ts";
import { connectAndLook, silenceFinch } from "../support/trouble.ts";
import { connectEmbedded, importToken, startReauthentication } from "../support/ways-in.ts";

const bus = listen();
const seen = new Set<string>();

/** What a customer's events tell, in short, once there are so many; each as its schema has it. */
const eventsOf = async (customer: TestCustomer, count: number): Promise<readonly string[]> => {
  const events = await bus.of(customer.id, count);
  expect(events.flatMap(breachesOf)).toEqual([]);
  expect(events.every((event) => event.source === "perch")).toBe(true);
  expect(JSON.stringify(events)).not.toContain(customer.name);
  expect(await outboxOf(customer.id)).toBe(0);
  for (const event of events) seen.add(event["detail-type"]);
  return events.map((event) => inShort(event, events));
};

/** With its version; a connection's counted among those that were told of: looks that change nothing have versions, too. */
const inShort = ({ "detail-type": type, detail }: BusEvent, all: readonly BusEvent[]): string => {
  const { kind, id, version } = detail.subject;
  const versions = all.filter((event) => event.detail.subject.id === id).map((event) => event.detail.subject.version);
  const told = [...new Set(versions)].toSorted((a, b) => a - b);
  const counted = kind === "connection" ? told.indexOf(version) + 1 : version;
  return [type, counted, detail.status, detail.reason].filter((part) => part !== undefined).join(" ");
};

describe.concurrent("each change's event", () => {
  it("of a connection's life, in the order of its versions", async () => {
    const { customer, connectionId } = await connectAndLook();
    // What Finch tells of by itself would have Perch look between these steps.
    await silenceFinch(connectionId);
    await connect(customer);
    await callBackend(pathOf(customer, connectionId), { method: "PATCH", json: { label: "payroll" } });
    await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
    await introspect(customer, connectionId);
    const browser = createBrowser();
    await comeBack(browser, await reachCallback(browser, await startReauthentication(customer, connectionId)));
    await introspect(customer, connectionId);
    await callBackend(pathOf(customer, connectionId), { method: "DELETE" });
    await awaitDisconnected(customer, connectionId);
    expect(await eventsOf(customer, 8)).toEqual([
      "ConnectionCreated 1 connected",
      "ConnectionUpdated 2 connected",
      "ConnectionUpdated 3 connected",
      ...["ConnectionUpdated 4 reauth", "ReauthenticationRequired 4 reauth"],
      "ConnectionReconnected 5 connected",
      // An introspection that changes nothing has none.
      "ConnectionUpdated 6 disconnecting",
      "ConnectionDisconnected 7 disconnected",
    ]);
  });

  it("of an import, an embedded session and a repetition, which has none", async () => {
    const customer = await createCustomer();
    const { accessToken } = await mintToken({ provider: "rippling", company: customer.name });
    await importToken(customer, accessToken);
    await importToken(customer, accessToken);
    await connectEmbedded(customer);
    expect(await eventsOf(customer, 2)).toEqual(["ConnectionCreated 1 connected", "ConnectionCreated 1 connected"]);
  });

  it("of an entity that is ended, and of a possible duplicate", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { username: "multi_entity", entities: "all" });
    const [entity] = (await introspect(customer, connectionId)).entities;
    const path = `${pathOf(customer, connectionId)}/entities/${entity?.id}`;
    expect((await callBackend(path, { method: "DELETE" })).status).toBe(202);
    await awaitEntityEnded(customer, connectionId, `${entity?.id}`);
    const other = await connect(customer, { username: "good_user_2" });
    await introspect(customer, other.connectionId);
    const told = (await bus.of(customer.id, 5)).map((event) => event.detail);
    // Which versions these are hangs on the looks that Perch takes by itself meanwhile.
    expect((await eventsOf(customer, 5)).map((each) => each.replace(/ \d+/, "")).toSorted()).toEqual([
      "ConnectionCreated connected",
      "ConnectionCreated connected",
      "ConnectionUpdated connected",
      "EntityDisconnected connected",
      "PossibleDuplicateFound connected same_company",
    ]);
    expect(told).toContainEqual(expect.objectContaining({ entity_id: entity?.id }));
    // Whichever of the two was looked at when both were known tells of the other.
    const pairs = told.map((detail) => [detail.subject.id, Object(detail)["duplicate_connection_id"]].toSorted());
    expect(pairs).toContainEqual([connectionId, other.connectionId].toSorted());
  });

  it("of a customer that is deleted", async () => {
    const customer = await createCustomer();
    expect((await callBackend(customer.path, { method: "DELETE" })).status).toBe(202);
    // Its version is the moment of the end.
    expect((await eventsOf(customer, 1)).map((each) => each.replace(/ \d+/, ""))).toEqual(["CustomerDeleted"]);
  });

  it("of a roster that is ready", async () => {
    const customer = await createCustomer();
    await awaitRoster(customer);
    // Its version is the moment at which it was.
    expect((await eventsOf(customer, 1)).map((each) => each.replace(/ \d+/, ""))).toEqual(["RosterReady"]);
  });

  it("of what is held, accepted and discarded", async () => {
    const customer = await createCustomer();
    const input = { require_acceptance: true };
    const accepted = await connect(customer, { input });
    await accept(customer, accepted.connectionId);
    expect(await eventsOf(customer, 2)).toEqual([
      "ConnectionHeld 1 held acceptance_required",
      "ConnectionCreated 2 connected",
    ]);
    const other = await createCustomer();
    const discarded = await connect(other, { input });
    await callBackend(pathOf(other, discarded.connectionId), { method: "DELETE" });
    expect(await eventsOf(other, 2)).toEqual([
      "ConnectionHeld 1 held acceptance_required",
      "ConnectionUpdated 2 discarded",
    ]);
  });

  it("of sessions that fail, and of a conflict, without a word about the owner", async () => {
    const [owner, customer] = [await createCustomer(), await createCustomer()];
    const { connectionId } = await connect(owner);
    const tryIn = async (company: string) => {
      const [session, browser] = [await startSession(customer), createBrowser()];
      return { session, browser, callback: await reachCallback(browser, session, { company }) };
    };
    const conflict = await tryIn(owner.name);
    await comeBack(conflict.browser, conflict.callback);
    const lost = await tryIn(customer.name);
    await withFault(lost, { kind: "answer_lost" }, () => comeBack(lost.browser, lost.callback));
    const told = await bus.of(customer.id, 3);
    expect((await eventsOf(customer, 3)).toSorted()).toEqual([
      "ConnectSessionFailed 4 connection_conflict",
      "ConnectSessionFailed 4 token_lost",
      "ConnectionConflict 4 connection_conflict",
    ]);
    expect(JSON.stringify(told)).not.toContain(owner.id);
    expect(told.map(({ detail }) => detail.connection_id)).toEqual(
      expect.arrayContaining([connectionId, connectionId, undefined]),
    );
    expect(await eventsOf(owner, 1)).toEqual(["ConnectionCreated 1 connected"]);
  });
});

afterAll(() => {
  expect([...seen].toSorted()).toEqual([...documentedEvents.keys()].toSorted());
});
