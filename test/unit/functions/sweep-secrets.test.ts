import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId, TokenId } from "#shared/connection/identifiers.ts";
import { createLog } from "#shared/log.ts";
import { createHandler } from "../../../functions/sweep-secrets/handler.ts";

const now = new Date("2026-03-04T05:06:07.000Z");
const token = { customerId: "acme" as CustomerId, connectionId: "conn-1" as ConnectionId };

/** The handler over so many secrets without items, one page after the other. */
const aSweep = ({ unnamed = [0], isOn = true, remainingMs = 900_000 } = {}) => {
  const lines: Record<string, unknown>[] = [];
  const sent: string[] = [];
  const scheduled: string[] = [];
  const asked: (string | undefined)[] = [];
  let at = now.getTime();
  const handle = createHandler({
    now: () => new Date(at),
    log: createLog((line) => lines.push(JSON.parse(line))),
    isOn,
    continueSweep: async (from) => {
      sent.push(from);
    },
    inventory: {
      list: async (from) => {
        asked.push(from);
        // A page takes seven minutes: two of them are all that a run has time for.
        at += 7 * 60_000;
        const page = Number(from ?? 0);
        const secrets = Array.from({ length: unnamed[page] ?? 0 }, (_, index) => ({
          name: `perch/test/${page}-${index}`,
          createdAt: new Date(0),
          token: { ...token, tokenId: `${page}-${index}` as TokenId },
        }));
        return { secrets, next: page + 1 < unnamed.length ? String(page + 1) : undefined };
      },
      scheduleRemoval: async (name) => {
        scheduled.push(name);
      },
    },
    connections: { findToken: async () => undefined },
  });
  const receive = (...bodies: string[]) =>
    handle(
      { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) },
      { getRemainingTimeInMillis: () => remainingMs },
    );
  return { receive, lines, sent, scheduled, asked };
};

const returned = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe("sweep-secrets", () => {
  it("sweeps to the end, and says what it removed", async () => {
    const { receive, lines, sent, scheduled } = aSweep({ unnamed: [1, 2] });
    expect(await receive("{}")).toEqual(returned());
    expect(scheduled).toHaveLength(3);
    expect(sent).toEqual([]);
    expect(lines.map(({ level, message, count }) => [level, message, count])).toEqual([
      ["INFO", "secrets swept to the end", 3],
      ["WARN", "secrets scheduled for removal", 3],
    ]);
  });

  it("puts the rest into its queue when its time is over, and goes on from there", async () => {
    const first = aSweep({ unnamed: [1, 1, 1] });
    expect(await first.receive("{}")).toEqual(returned());
    expect(first.sent).toEqual(["2"]);
    const second = aSweep({ unnamed: [1, 1, 1] });
    expect(await second.receive(JSON.stringify({ from: "2" }))).toEqual(returned());
    expect(second.asked).toEqual(["2"]);
    expect(second.sent).toEqual([]);
  });

  it("raises an alarm and removes none where too many have no item", async () => {
    const { receive, lines, scheduled, sent } = aSweep({ unnamed: [21, 1] });
    expect(await receive("{}")).toEqual(returned());
    expect([scheduled, sent]).toEqual([[], []]);
    expect(lines).toEqual([
      {
        level: "ERROR",
        message: "secrets not swept",
        operation: "sweep-secrets",
        reason: "too_many_unnamed",
        count: 21,
      },
    ]);
  });

  it("looks at nothing while it is off", async () => {
    const { receive, asked } = aSweep({ isOn: false });
    expect(await receive("{}")).toEqual(returned());
    expect(asked).toEqual([]);
  });

  it("gives back a message that it cannot read or has no time for", async () => {
    const { receive, asked } = aSweep();
    expect(await receive("no JSON", '{"from":7}')).toEqual(returned("m0", "m1"));
    const late = aSweep({ remainingMs: 60_000 });
    expect(await late.receive("{}")).toEqual(returned("m0"));
    expect([...asked, ...late.asked]).toEqual([]);
  });
});
