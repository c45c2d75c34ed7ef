/** More connections than one roster takes: they are refused before anything begins, or, where they come just then, fail it. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { ConnectionStore, PagePosition } from "#shared/connection/store-ports.ts";
import { problemTypes } from "#shared/http/problem.ts";
import { rosterBody } from "#shared/http/roster-body.ts";
import { fitOneRoster, listInUse, mostConnections } from "#shared/roster/connections-in-use.ts";
import { planRoster } from "#shared/roster/plan-roster.ts";
import { unreadConnection, unreadEntity } from "#shared/roster/roster.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { aConnection, noon } from "../../support/builders.ts";
import { aRoster } from "../../support/roster-builders.ts";
import { createRosterSetting } from "./setting.ts";

/** What one state of Step Functions holds, and one answer of a function's. */
const [mostBytesOfState, mostBytesOfAnswer] = [262_144, 6 * 1_048_576];

const idsOf = (count: number, length = 36): readonly ConnectionId[] =>
  Array.from({ length: count }, () => randomUUID().padEnd(length, "x").slice(0, length) as ConnectionId);

/** A store of so many connections of one customer's, by pages as they are asked for; it counts the pages. */
const storeOf = (ids: readonly ConnectionId[]) => {
  let pages = 0;
  const list: ConnectionStore["list"] = async (_, { limit, from }) => {
    pages += 1;
    const begin = from === undefined ? 0 : ids.indexOf(from.connectionId) + 1;
    const items = ids.slice(begin, begin + limit).map((connectionId) => aConnection({ connectionId }));
    const last = items.at(-1);
    const next: PagePosition | undefined =
      last === undefined || begin + limit >= ids.length
        ? undefined
        : { listedAt: noon.toISOString(), connectionId: last.connectionId };
    return { items, next };
  };
  return { connections: { list }, pages: () => pages };
};

/** What the state machine hands on behind its first step, for the customer with the longest id. */
const stateOf = (ids: readonly ConnectionId[]): string =>
  JSON.stringify({ customer_id: "c".repeat(255), roster_id: randomUUID(), plan: { connections: ids } });

describe("what fits one roster", () => {
  it("is 5,000 connections, as the API says, and no more; they are one state of Step Functions", () => {
    expect(mostConnections.toLocaleString("en")).toBe("5,000");
    expect(problemTypes.too_many_connections.detail).toContain("5,000");
    const most = idsOf(mostConnections);
    expect([fitOneRoster(most), fitOneRoster([...most, ...idsOf(1)])]).toEqual([true, false]);
    expect(fitOneRoster([])).toBe(true);
    expect(Buffer.byteLength(stateOf(most))).toBeLessThan(mostBytesOfState);
  });

  it("leaves 2 KB of such a state to the ids of the customer and the roster", () => {
    const bytes = mostBytesOfState - 2_048 - JSON.stringify([""]).length;
    expect([fitOneRoster(idsOf(1, bytes)), fitOneRoster(idsOf(1, bytes + 1))]).toEqual([true, false]);
  });

  it.each([40, 64, 128])("is one state of Step Functions, if ids have %i characters, too", (length) => {
    const ids = idsOf(mostConnections, length);
    let [fitting, beyond] = [0, mostConnections + 1];
    while (beyond - fitting > 1) {
      const middle = Math.floor((fitting + beyond) / 2);
      if (fitOneRoster(ids.slice(0, middle))) fitting = middle;
      else beyond = middle;
    }
    const bytes = Buffer.byteLength(stateOf(ids.slice(0, fitting)));
    expect(bytes).toBeLessThan(mostBytesOfState);
    // No more is left unused than is kept for what stands beside them.
    if (fitting < mostConnections) expect(bytes).toBeGreaterThan(mostBytesOfState - 2_048);
  });

  it("is one answer of the API's, with three entities that wait at each and its errors", () => {
    const waits = { reason: "internal_error", waitingFor: "not_ready", waitUntil: noon } as const;
    const item = {
      entityId: randomUUID(),
      individualId: randomUUID(),
      product: "individual",
      error: "e".repeat(64),
    } as const;
    const reads = idsOf(mostConnections).map((id) => ({
      ...{ ...unreadConnection(id), itemErrors: [item], itemErrorCount: 4_711 },
      entities: [1, 2, 3].map(() => ({ ...unreadEntity(randomUUID()), ...waits, people: 1_000 })),
    }));
    expect(Buffer.byteLength(JSON.stringify(rosterBody(aRoster(), reads)))).toBeLessThan(mostBytesOfAnswer);
  });

  it("is found out without reading all that does not", async () => {
    const { connections, pages } = storeOf(idsOf(1_000));
    expect((await listInUse({ connections }, "acme" as CustomerId, 250)).length).toBe(300);
    expect(pages()).toBe(3);
    expect((await listInUse({ connections }, "acme" as CustomerId)).length).toBe(1_000);
  });
});

describe("a customer with too many connections", () => {
  it("is refused a roster: nothing of it is stored, and no execution begins", async () => {
    const { acme, by, deps, executions, memory } = await createRosterSetting();
    const [most, more] = [idsOf(mostConnections), idsOf(1)];
    const { connections, pages } = storeOf([...most, ...more]);
    const before = structuredClone({ audit: memory.audit, current: memory.currentRosters });
    expect(await startRoster({ ...deps, connections })(acme, by)).toEqual({
      ...{ ok: false, refusal: "too_many_connections" },
    });
    expect([memory.rosters.size, executions.size]).toEqual([0, 0]);
    expect({ audit: memory.audit, current: memory.currentRosters }).toEqual(before);
    expect(pages()).toBe(51);
    // As many as fit begin.
    expect(await startRoster({ ...deps, ...storeOf(most) })(acme, by)).toMatchObject({ ok: true });
  });

  it("has the roster that runs told of all the same", async () => {
    const { acme, by, deps, start } = await createRosterSetting();
    const { rosterId } = await start();
    const { connections } = storeOf(idsOf(mostConnections + 1));
    expect(await startRoster({ ...deps, connections })(acme, by)).toMatchObject({ ok: true, value: { rosterId } });
  });

  it("whose last one came just after the start has the roster fail, and say why; nothing is planned", async () => {
    const { acme, deps, findRoster, lease, memory, start } = await createRosterSetting();
    const roster = await start();
    const { connections } = storeOf(idsOf(mostConnections + 1));
    expect(await planRoster({ ...deps, connections })(acme, roster.rosterId, lease())).toEqual([]);
    const now = deps.now();
    expect(await findRoster(roster.rosterId)).toEqual({
      ...{ ...roster, state: "failed", reason: "too_many_connections", finishedAt: now },
    });
    expect(memory.rosterReads.size).toBe(0);
  });
});
