/** Reports of the platform's services: each is a hint or a dead letter, and none keeps another waiting. */
import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { readReauthenticationReport } from "#shared/eventbridge/reauthentication-report.ts";
import { createHandler } from "../../../functions/receive-report/handler.ts";
import { acme, connectionId, recordLog, time } from "./support.ts";

const reasonText = "the sync of Ms Ada Lovelace failed with token 12345";
const report = (customer_id: string = acme, connection_id: string = connectionId) =>
  JSON.stringify({
    "detail-type": "ReauthenticationReported",
    source: "payroll-sync",
    detail: { customer_id, connection_id, reason: reasonText },
  });
const gone = "11111111-4b5a-4697-8877-665544332211" as ConnectionId;
const unknown = "22222222-4b5a-4697-8877-665544332211" as ConnectionId;

/** The function where one connection is acme's and one is gone; what is named in `out` is out of order. */
const aReceiver = (out: { table?: boolean; queue?: boolean; deadLetters?: boolean } = {}) => {
  const requests: CheckRequest[] = [];
  const buried: [string, string][] = [];
  const { log, lines } = recordLog();
  const fail = (isOut?: boolean) => {
    if (isOut === true) throw new Error("out of order");
  };
  const handle = createHandler({
    now: () => time,
    log,
    readMessage: readReauthenticationReport,
    connections: {
      findOwner: async (id) => {
        fail(out.table);
        if (id === gone) return "disconnected";
        return id === connectionId ? acme : undefined;
      },
    },
    nudgeChecks: async (asked) => {
      fail(out.queue);
      requests.push(...asked);
    },
    bury: async (body, reason) => {
      fail(out.deadLetters);
      buried.push([body, reason]);
    },
  });
  const receive = async (...bodies: string[]) => {
    const { batchItemFailures } = await handle({
      Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })),
    });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { receive, requests, buried, lines };
};

const look: CheckRequest = { customerId: acme, connectionId, reason: "reported", askedAt: time };

describe("receive-report", () => {
  it("asks for a look at the customer's connection", async () => {
    const { receive, requests, buried } = aReceiver();
    expect([await receive(report()), requests, buried]).toEqual([[], [look], []]);
  });

  it.each([
    ["malformed", "x"],
    ["malformed", report("..")],
    ["not_the_owner", report("another")],
    ["connection_unknown", report(acme, unknown)],
    ["connection_disconnected", report(acme, gone)],
  ])("makes a dead letter of what is %s, as it came, and does the others of its batch", async (reason, body) => {
    const { receive, requests, buried } = aReceiver();
    expect(await receive(report(), body, report())).toEqual([]);
    expect(requests).toEqual([look, look]);
    expect(buried).toEqual([[body, reason]]);
  });

  it("has a message come again for an outage only, that one alone", async () => {
    expect(await aReceiver({ table: true }).receive(report(), "x")).toEqual(["m0"]);
    expect(await aReceiver({ queue: true }).receive(report(), "x", report("another"))).toEqual(["m0"]);
    const lost = aReceiver({ deadLetters: true });
    expect(await lost.receive(report(), "x", report("another"), report())).toEqual(["m1", "m2"]);
    expect(lost.requests).toEqual([look, look]);
  });

  it("logs ids and why, and never what the reporter wrote", async () => {
    const { receive, lines } = aReceiver();
    await receive(report(), report("another"), JSON.stringify({ detail: { reason: reasonText } }));
    await aReceiver({ table: true }).receive(report());
    expect(
      lines.map((line) => JSON.parse(line)).map(({ level, reason, customer_id }) => [level, reason, customer_id]),
    ).toEqual([
      ["INFO", undefined, acme],
      ["WARN", "not_the_owner", "another"],
      ["WARN", "malformed", undefined],
    ]);
    expect(lines.join()).not.toContain("Lovelace");
  });
});
