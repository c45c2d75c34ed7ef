/**
 * What the stores ask of DynamoDB, as far as no emulator minds: an expression that names what is not given, or is given what
 * it does not name, is refused by AWS alone, and a read that is not consistent is wrong there alone. The file is long because
 * every method of every store is in it.
 */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { createAuditStore } from "#shared/dynamodb/audit-store.ts";
import { createBudgetStore } from "#shared/dynamodb/budget-store.ts";
import { createCheckPauseStore } from "#shared/dynamodb/check-pause-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { createDueStore } from "#shared/dynamodb/due-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { createFindNewestTokens } from "#shared/dynamodb/newest-tokens.ts";
import { createOutbox } from "#shared/dynamodb/outbox.ts";
import { toSessionItem } from "#shared/dynamodb/session-item.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { createWebhookStore } from "#shared/dynamodb/webhook-store.ts";
import { retention } from "#shared/retention.ts";
import {
  aClaim,
  aConnection,
  aDeletedEvent,
  aDeletion,
  aDisconnect,
  afterNoon,
  anAuditEntry,
  anEmployer,
  anOpening,
  aProfile,
  aSession,
  minute,
  noon,
} from "../../support/builders.ts";

interface Input {
  readonly [name: string]: unknown;
}

/** The stores over a DynamoDB that has nothing, does everything, answers so, and remembers what it was asked. */
const createStage = (...outputs: readonly (Input | Error)[]) => {
  const asked: { readonly command: string; readonly input: Input }[] = [];
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    asked.push({ command: command.constructor.name, input: command.input });
    const output = outputs[asked.length - 1] ?? outputs.at(-1) ?? {};
    if (output instanceof Error) throw output;
    return output;
  };
  const table = { name: "table", client: { send } as unknown as DynamoDBDocumentClient };
  return {
    asked,
    audit: createAuditStore(table),
    budgets: createBudgetStore(table),
    pauses: createCheckPauseStore(table),
    customers: createCustomerStore(table),
    sessions: createSessionStore(table),
    connections: createConnectionStore(table),
    deletions: createDeletionStore(table),
    due: createDueStore(table),
    marks: createEmployerMarks(table),
    outbox: createOutbox(table),
    webhooks: createWebhookStore(table),
    findNewestTokens: createFindNewestTokens(table),
  };
};

const connection = aConnection();
const { customerId, connectionId, tokens } = connection;
const [{ tokenId } = expect.fail()] = tokens;
const changed = { ...connection, version: connection.version + 1 };
const session = aSession({ customerId, status: "exchanging" });
const deletion = aDeletion({ customerId });
const event = aDeletedEvent(deletion);
const mark = { kind: "company", providerId: "gusto", value: "company-1" } as const;
const marked = { customerId, connectionId, madeAt: noon };
const position = { createdAt: noon.toISOString() };
const failure = { status: "failed", reason: "token_lost" } as const;
const page = { limit: 3, from: undefined, status: undefined, providerId: undefined };
const from = { listedAt: noon.toISOString(), connectionId };
const made = { incarnation: "first", defaultMode: "multiple", now: noon } as const;
const tombstone = { customerHash: "hash", disconnectedAt: noon };
const claim = aClaim(connection, { events: [event] });

type Stage = ReturnType<typeof createStage>;

const reads: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  "a customer": ({ customers }) => customers.find(customerId),
  "a session": ({ sessions }) => sessions.find(session.sessionId),
  "a connection": ({ connections }) => connections.find(customerId, connectionId),
  "the owner": ({ connections }) => connections.findOwner(connectionId),
  "who has it": ({ connections }) => connections.findOwnership(connectionId),
  "a token": ({ connections }) => connections.findToken(customerId, connectionId, tokenId),
  "the newest tokens": ({ findNewestTokens }) => findNewestTokens(customerId, connectionId),
  connections: ({ connections }) => connections.list(customerId, page),
  "a later page of connections": ({ connections }) => connections.list(customerId, { ...page, from }),
  "connections of a status": ({ connections }) => connections.list(customerId, { ...page, status: "held" }),
  "connections of a provider": ({ connections }) => connections.list(customerId, { ...page, providerId: "gusto" }),
  "connections of both": ({ connections }) =>
    connections.list(customerId, { ...page, status: "held", providerId: "gusto" }),
  "a deletion": ({ deletions }) => deletions.find(deletion.deletionId),
  "a receipt": ({ deletions }) => deletions.lines(deletion.deletionId, 5),
  "a receipt's sums": ({ deletions }) => deletions.count(deletion.deletionId),
  "sessions to erase": ({ deletions }) => deletions.sessions(customerId, 5),
  "an event": ({ outbox }) => outbox.find(event.eventId),
  "a webhook": ({ webhooks }) => webhooks.hasSeen("msg_1"),
  "a pause": ({ pauses }) => pauses.find(),
  "own marks": ({ marks }) => marks.listOwn(mark, customerId, 5),
  "others' marks": ({ marks }) => marks.listOthers(mark, customerId, 5),
  "the audit": ({ audit }) => audit.list(customerId, { limit: 3, from: undefined, connectionId: undefined }),
  "the audit of a connection": ({ audit }) => audit.list(customerId, { limit: 3, from: undefined, connectionId }),
  "a later page of the audit": ({ audit }) => {
    const { auditId } = anAuditEntry();
    return audit.list(customerId, { limit: 3, from: { at: noon.toISOString(), auditId }, connectionId: undefined });
  },
};

/** What goes over an index that is only read eventually. */
const listings: typeof reads = {
  customers: ({ customers }) => customers.list({ limit: 3, from: undefined }),
  "a later page of customers": ({ customers }) => customers.list({ limit: 3, from: { ...position, customerId } }),
  sessions: ({ sessions }) => sessions.list(customerId, { limit: 3, from: undefined }),
  "a later page of sessions": ({ sessions }) =>
    sessions.list(customerId, { limit: 3, from: { ...position, sessionId: session.sessionId } }),
  "what is due": ({ due }) =>
    Promise.all([
      due.exchanges(noon),
      due.disconnects(noon),
      due.events(noon),
      due.deletions(noon),
      due.checks(noon, 20),
    ]),
};

const writes: typeof reads = {
  "a customer": ({ customers }) => customers.put(aProfile({ customerId }), made).catch(() => {}),
  "a customer in a mode": ({ customers }) =>
    customers.put(aProfile({ customerId, mode: "multiple" }), made).catch(() => {}),
  "a customer in mode single": ({ customers }) =>
    customers.put(aProfile({ customerId, mode: "single" }), made).catch(() => {}),
  "a session": ({ sessions }) => sessions.create(session),
  openings: ({ sessions }) => sessions.replaceOpenings(session, [anOpening()]),
  "the end of a session": ({ sessions }) =>
    sessions.end(session, { end: failure, token: null, now: noon, events: [event] }),
  "a cancelled session": ({ sessions }) => sessions.cancel(session.sessionId, noon),
  "a claim": ({ connections }) => connections.claim(claim),
  "a claim of what is there": ({ connections }) => connections.claim({ ...claim, connection: changed }),
  "a claim that counts": ({ connections }) => connections.claim({ ...claim, takesIntoUse: true }),
  "a claim that does not": ({ connections }) => connections.claim({ ...claim, takesIntoUse: false }),
  "a claim for whom Finch names": ({ connections }) =>
    connections.claim({ ...claim, takesIntoUse: false, incarnation: undefined }),
  "a claim that counts for whom Finch names": ({ connections }) =>
    connections.claim({ ...claim, takesIntoUse: true, incarnation: undefined }),
  "a claim that ends a session": ({ connections }) =>
    connections.claim({ ...claim, ending: { session, end: { status: "completed", outcome: "connected" } } }),
  "a change": ({ connections }) =>
    connections.replace(changed, [event], [tokenId], { finchEventId: "msg_1", unparks: true, now: noon }),
  "a look put off": ({ connections }) => connections.postpone(connection, afterNoon(1)),
  employers: ({ connections }) => connections.keepEmployers(connection, [anEmployer()]),
  "changes together": ({ connections }) => connections.replaceTogether([changed, aConnection()], [event]),
  "a release": ({ connections }) => connections.release(changed, [event]),
  "a removal": ({ connections }) => connections.remove(connection, { tombstone, counts: true, events: [event] }),
  "a removal in a deletion": ({ connections }) =>
    connections.remove(
      { ...connection, disconnect: aDisconnect({ deletionId: deletion.deletionId }) },
      { tombstone, counts: false, events: [] },
    ),
  "a discarded connection": ({ connections }) =>
    connections.remove(connection, { tombstone: null, counts: false, events: [] }),
  "a deletion's begin": async ({ deletions }) =>
    deletions.begin(
      {
        ...aProfile({ customerId }),
        ...{ email: null, mode: "multiple", incarnation: "first", connectionCount: 0 },
      } as never,
      deletion,
    ),
  "a deletion's sessions": ({ deletions }) =>
    deletions.eraseSessions(deletion, [{ sessionId: session.sessionId, lost: true }]),
  "a cancelled session of a deletion": ({ deletions }) => deletions.cancelSession(session.sessionId, noon),
  "a deletion put off": ({ deletions }) =>
    deletions.postpone(deletion, { nextStepAt: noon, attempts: 1, connectionsFrom: from }),
  "a deletion's end": ({ deletions }) =>
    deletions.complete(deletion, { ended: { connections: 1, tokens: 1 }, now: noon, event }),
  "an event that is out": ({ outbox }) => outbox.remove(event.eventId),
  "a mark": ({ marks }) => marks.put(mark, marked),
  "a mark that goes": ({ marks }) => marks.remove(mark, marked),
  "a parked connection": ({ webhooks }) => webhooks.park(connectionId, noon),
  "a pause": ({ pauses }) => pauses.pause({ reason: "rate_limited", until: noon }),
  "the end of a pause": ({ pauses }) => pauses.resume(undefined),
  "somebody's word": ({ pauses }) => pauses.resume(noon),
  "a budget that is held": ({ budgets }) => budgets.hold("address", noon),
  "a grant that is given back": ({ budgets }) => budgets.giveBack("address", { kind: "background", bucket: 7 }),
  "an audit entry": ({ audit }) => audit.record(anAuditEntry()),
};

/** The stores' answers to a session that was changed read the item: it is given. */
const needsSession = new Set(["openings", "a cancelled session", "a cancelled session of a deletion"]);
const stageOf = (name: string) => createStage(needsSession.has(name) ? { Attributes: toSessionItem(session) } : {});

const placesOf = ({ TransactItems, ...input }: Input): Input[] =>
  Array.isArray(TransactItems) ? TransactItems.flatMap((action: Input) => Object.values(action) as Input[]) : [input];

/** Each placeholder is used and given, none is given as undefined, and no map of them is empty. */
const expectWhole = (asked: Stage["asked"]) => {
  expect(asked.length).toBeGreaterThan(0);
  for (const place of asked.flatMap(({ input }) => placesOf(input))) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...rest } = place;
    const text = Object.entries(rest).flatMap(([key, value]) => (key.endsWith("Expression") ? [`${value}`] : []));
    const given = { ...Object(names), ...Object(values) };
    // A name is spelt like its placeholder, but for those that are made of what is given.
    const spelt = Object.entries(Object(names)).filter(([key]) => !["#state", "#bucket"].includes(key));
    for (const [key, name] of spelt) expect(`#${name}`).toBe(key);
    expect(new Set(Object.keys(given))).toEqual(new Set(text.join(" ").match(/[#:][a-z_]\w*/gi) ?? []));
    expect(Object.values(given)).not.toContain(undefined);
    for (const map of [names, values]) if (map !== undefined) expect(Object.keys(Object(map))).not.toEqual([]);
    expect(place["TableName"]).toBe("table");
  }
};

describe("every expression", () => {
  it.each(Object.entries({ ...reads, ...listings, ...writes }))(
    "of %s names what it is given, and no more",
    async (name, call) => {
      const stage = stageOf(name);
      await call(stage);
      expectWhole(stage.asked);
    },
  );

  it("of an exchange that begins, and begins again, does so", async () => {
    const stateHash = `${"a".repeat(42)}_`;
    const request = { sessionId: session.sessionId, stateHash, holderHash: "cookie", codeHash: "code" };
    const exchange = { ...request, attempt: 1, leaseUntil: noon };
    const item = marshall(toSessionItem({ ...session, exchange }), { removeUndefinedValues: true });
    const over = new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: item });
    const stage = createStage(over, { Attributes: toSessionItem(session) });
    const begun = await stage.sessions.beginExchange(request, { now: noon, leaseUntil: afterNoon(minute) });
    expect([begun.ok, stage.asked.length]).toEqual([true, 2]);
    expectWhole(stage.asked);
    const first = createStage({ Attributes: toSessionItem(session) });
    await first.sessions.beginExchange(request, { now: noon, leaseUntil: afterNoon(minute) });
    expect(first.asked).toHaveLength(1);
  });
});

describe("every read", () => {
  it.each(Object.entries(reads))("of %s is consistent", async (_, call) => {
    const stage = createStage();
    await call(stage);
    for (const { input } of stage.asked) expect(input["ConsistentRead"]).toBe(true);
  });

  it.each(Object.entries(listings))("of %s is of an index that cannot be, and does not ask for it", async (_, call) => {
    const stage = createStage();
    await call(stage);
    for (const { input } of stage.asked) {
      expect(input["ConsistentRead"]).toBeUndefined();
      expect(["ledger", "due"]).toContain(input["IndexName"]);
    }
  });

  it.each<[string, readonly number[]]>([
    ["connections", [4]],
    ["connections of a status", [12]],
    ["connections of a provider", [12]],
    ["the audit", [4]],
    ["the audit of a connection", [12]],
    ["a receipt", [5]],
    ["sessions to erase", [5]],
    ["the newest tokens", [5]],
    ["own marks", [5]],
    ["others' marks", [5, 5]],
  ])("of %s reads so many items at most: %j", async (name, limits) => {
    const stage = createStage();
    await reads[name]?.(stage);
    expect(stage.asked.map(({ input }) => input["Limit"])).toEqual(limits);
  });
});

describe("where there is nothing", () => {
  const emptyPage = { items: [], next: undefined };
  const expected: Readonly<Record<string, unknown>> = {
    connections: emptyPage,
    "a later page of connections": emptyPage,
    "connections of a status": emptyPage,
    "connections of a provider": emptyPage,
    "connections of both": emptyPage,
    "the audit": emptyPage,
    "the audit of a connection": emptyPage,
    "a later page of the audit": emptyPage,
    customers: emptyPage,
    "a later page of customers": emptyPage,
    sessions: emptyPage,
    "a later page of sessions": emptyPage,
    "the newest tokens": [],
    "a receipt": [],
    "a receipt's sums": { connections: 0, tokens: 0 },
    "sessions to erase": [],
    "own marks": [],
    "others' marks": [],
    "a webhook": false,
    "a pause": { pause: undefined, trustedUntil: undefined },
    "what is due": [[], [], [], [], []],
  };

  it.each(Object.entries({ ...reads, ...listings }))("%s is found to be nothing", async (name, call) => {
    expect(await call(createStage())).toEqual(expected[name]);
  });
});

it("who used a token is forgotten after the stated days, and not before", async () => {
  const stage = createStage();
  await stage.audit.record(anAuditEntry({ at: afterNoon(1) }));
  const [{ input } = expect.fail()] = stage.asked;
  const days = Object(input["Item"]).ttl - noon.getTime() / 1_000;
  expect(days).toBe(retention.auditDays * 24 * 3_600 + 1);
});
