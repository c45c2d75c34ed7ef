/** What no engine can be made to do at will: contention, throttling, malformed transactions, outages. */
import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createBudgetStore } from "#shared/dynamodb/budget-store.ts";
import { createConnectionStore } from "#shared/dynamodb/connection-store.ts";
import { createCustomerStore } from "#shared/dynamodb/customer-store.ts";
import { createDeletionStore } from "#shared/dynamodb/deletion-store.ts";
import { createEmployerMarks } from "#shared/dynamodb/employer-marks.ts";
import { createPageSessionStore } from "#shared/dynamodb/page-session-store.ts";
import { createSessionStore } from "#shared/dynamodb/session-store.ts";
import { createWebhookStore } from "#shared/dynamodb/webhook-store.ts";
import { beginVisit } from "#shared/page/page-session.ts";
import {
  aClaim,
  aConnection,
  aDeletion,
  anOpening,
  aPageSession,
  aProfile,
  aSession,
  noon,
} from "../../support/builders.ts";

/** The stores over a DynamoDB that answers everything with this error. */
const failingWith = (error: Error) => {
  const send = async () => {
    throw error;
  };
  const table = { name: "table", client: { send } as unknown as DynamoDBDocumentClient };
  return {
    customers: createCustomerStore(table),
    sessions: createSessionStore(table),
    connections: createConnectionStore(table),
    budgets: createBudgetStore(table),
    deletions: createDeletionStore(table),
    marks: createEmployerMarks(table),
    pages: createPageSessionStore(table),
    webhooks: createWebhookStore(table),
  };
};
const cancelledFor = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: "Transaction cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const session = aSession({ status: "exchanging" });
const failure = { end: { status: "failed", reason: "token_lost" }, token: null, now: noon, events: [] } as const;

describe.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
  "a transaction stopped by %s",
  (code) => {
    it.each([0, 1, 2, 3, 4])("leaves a claim undecided, whichever action it was (%i)", async (index) => {
      const codes = Array.from({ length: 5 }, (_, each) => (each === index ? code : "None"));
      const claimed = await failingWith(cancelledFor(...codes)).connections.claim(aClaim(aConnection()));
      expect(claimed).toEqual({ ok: false, refusal: { reason: "contention" } });
    });

    it("is thrown by what ends a session: it may have been exchanging still", async () => {
      await expect(failingWith(cancelledFor(code)).sessions.end(session, failure)).rejects.toThrow("contention");
    });

    it("does not replace a connection", async () => {
      expect(await failingWith(cancelledFor(code)).connections.replace(aConnection({ version: 2 }), [])).toBe(false);
    });
  },
);

it("tells of a failed condition also when another action met contention", async () => {
  const { connections } = failingWith(cancelledFor("ConditionalCheckFailed", "TransactionConflict", "None", "None"));
  expect(await connections.claim(aClaim(aConnection()))).toMatchObject({ refusal: { reason: "token_stored" } });
});

it("throws for a transaction that is malformed: it would fail for ever", async () => {
  const { connections, sessions } = failingWith(cancelledFor("None", "ValidationError", "None", "None"));
  await expect(connections.claim(aClaim(aConnection()))).rejects.toThrow(TransactionCanceledException);
  await expect(sessions.end(session, failure)).rejects.toThrow(TransactionCanceledException);
});

it("takes a cancellation without reasons for contention", async () => {
  const error = new TransactionCanceledException({ message: "Transaction cancelled", $metadata: {} });
  const claimed = await failingWith(error).connections.claim(aClaim(aConnection()));
  expect(claimed).toMatchObject({ refusal: { reason: "contention" } });
});

it("takes an item that DynamoDB gives back empty for none", async () => {
  const error = new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: {} });
  const { sessions } = failingWith(error);
  expect(await sessions.cancel(session.sessionId, noon)).toEqual({ ok: false, refusal: { reason: "unknown" } });
});

it("throws an outage as it is, from every method: a refusal would be a lie", async () => {
  const outage = new Error("the service is unavailable");
  const { customers, sessions, connections, budgets, deletions, marks, pages, webhooks } = failingWith(outage);
  const { sessionId, customerId } = session;
  const { connectionId, tokens } = aConnection();
  const request = { sessionId, stateHash: "s", holderHash: "b", codeHash: "c" };
  const visit = beginVisit("cookie", noon);
  const counting = { kind: "background", bucket: 1, spent: undefined, tolerates: 0, firstKept: 0 } as const;
  const query = { limit: 1, from: undefined, status: undefined, providerId: undefined };
  const calls = [
    () => customers.put(aProfile(), { incarnation: "first", defaultMode: "multiple", now: noon }),
    () => customers.find(customerId),
    () => sessions.create(session),
    () => sessions.find(sessionId),
    () => sessions.replaceOpenings(session, [anOpening()]),
    () => sessions.beginExchange(request, { now: noon, leaseUntil: noon }),
    () => sessions.end(session, failure),
    () => connections.claim(aClaim(aConnection())),
    () => connections.find(customerId, connectionId),
    () => connections.findToken(customerId, connectionId, tokens[0]?.tokenId ?? expect.fail()),
    () => connections.list(customerId, query),
    () => connections.replace(aConnection({ version: 2 }), []),
    () => connections.postpone(aConnection(), noon),
    () => budgets.count("address", counting),
    () => budgets.giveBack("address", { kind: "background", bucket: 1 }),
    () => deletions.postpone(aDeletion(), { nextStepAt: noon, attempts: 1, connectionsFrom: null }),
    () =>
      marks.remove({ kind: "company", providerId: "gusto", value: "c" }, { customerId, connectionId, madeAt: noon }),
    () => pages.open(aPageSession().pageSessionId, "link", visit),
    () => pages.touch({ ...aPageSession(), visit }, noon),
    () => webhooks.park(connectionId, noon),
  ];
  for (const call of calls) await expect(call()).rejects.toBe(outage);
});

describe("a transaction that is tried again under contention", () => {
  afterEach(() => void vi.restoreAllMocks());

  /** A DynamoDB that answers so, one call after the other, and then with the last of it. */
  const answering = (...answers: readonly (Error | undefined)[]) => {
    const sent: string[] = [];
    const send = async (command: object) => {
      sent.push(command.constructor.name);
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      if (answer !== undefined) throw answer;
      return {};
    };
    return { table: { name: "table", client: { send } as unknown as DynamoDBDocumentClient }, sent };
  };
  const conflict = cancelledFor("TransactionConflict", "None", "None");

  it("is carried out once it can be, after pauses that double", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const since = performance.now();
    const send = vi.fn(async () => ({}));
    for (const _ of [1, 2, 3]) send.mockRejectedValueOnce(conflict);
    const table = { name: "table", client: { send } as unknown as DynamoDBDocumentClient };
    expect(await createSessionStore(table).create(session)).toEqual({ ok: true, value: undefined });
    expect(send).toHaveBeenCalledTimes(4);
    // 20, 40 and 80 ms, and what timers come early.
    expect(performance.now() - since).toBeGreaterThanOrEqual(130);
  });

  it("is given up after ten tries: nothing is known", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { table, sent } = answering(conflict);
    await expect(createSessionStore(table).create(session)).rejects.toThrow("contention");
    expect(sent).toHaveLength(10);
  });

  it("is refused at once by a condition", async () => {
    const { table, sent } = answering(cancelledFor("ConditionalCheckFailed", "None", "None"));
    expect(await createSessionStore(table).create(session)).toEqual({ ok: false, refusal: "customer_unknown" });
    expect(sent).toHaveLength(1);
  });

  it("is well where somebody else has parked the connection meanwhile", async () => {
    const failed = new ConditionalCheckFailedException({ message: "", $metadata: {} });
    const { table } = answering(failed, cancelledFor("None", "ConditionalCheckFailed"), undefined);
    expect(await createWebhookStore(table).park(aConnection().connectionId, noon)).toBe("parked");
  });

  it("is thrown where a session of this id is there", async () => {
    const { table } = answering(cancelledFor("None", "ConditionalCheckFailed", "None"));
    await expect(createSessionStore(table).create(session)).rejects.toThrow("there is a Connect session of this id");
  });

  it("is thrown where a connection is parked and is not, twice", async () => {
    const failed = new ConditionalCheckFailedException({ message: "", $metadata: {} });
    const { table, sent } = answering(failed, cancelledFor("None", "ConditionalCheckFailed"), failed);
    await expect(createWebhookStore(table).park(aConnection().connectionId, noon)).rejects.toThrow("found at once");
    expect(sent).toEqual(["UpdateCommand", "TransactWriteCommand", "UpdateCommand"]);
  });
});
