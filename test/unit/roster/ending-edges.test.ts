/** How a run ends: what is published of it, what it is compared with, and who is kept without having been read. */
import { describe, expect, it } from "vitest";
import { clustersPage } from "#shared/roster/employee-pages.ts";
import { failRoster, reconcileRoster } from "#shared/roster/reconcile-roster.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { ann, bea } from "./setting.ts";
import { createRosterStage } from "./stages.ts";

const dayMs = 24 * 3_600_000;

describe("a roster that ends", () => {
  it("is published with what there is of it, and one event that names the one before", async () => {
    const { deps, employ, memory, run } = await createRosterStage();
    await employ([ann, bea]);
    const first = await run();
    const second = await run();
    const events = memory.written.filter(({ type }) => type === "RosterReady");
    expect(events).toHaveLength(2);
    const now = deps.now();
    expect(events[1]).toMatchObject({
      ...{ type: "RosterReady", time: now, customerId: second.roster.customerId },
      subject: { kind: "roster", id: second.roster.rosterId, version: now.getTime() },
      detail: { incomplete: false, employees: 2, previous_roster_id: first.roster.rosterId },
    });
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
    expect(second.roster).toMatchObject({
      ...{ state: "ready", finishedAt: now, leaseUntil: null },
      outcome: { incomplete: false, individuals: 2, employees: 2, possibleMatches: 0, pages: 1 },
    });
  });

  it("begins anew where the one before has expired, or nothing is left of it", async () => {
    const { advance, employ, objects, run, told } = await createRosterStage();
    await employ([ann]);
    const { roster } = await run();
    objects.delete(`${roster.customerId} ${roster.rosterId} ${clustersPage}`);
    const second = await run();
    expect(told()).toMatchObject({ previous_roster_id: null, counts: { joined: 1 } });
    advance(second.roster.expiresAt.getTime() - second.roster.startedAt.getTime() - 1);
    await run();
    expect(told()).toMatchObject({ previous_roster_id: second.roster.rosterId, counts: { joined: 0 } });
    advance(30 * dayMs);
    await run();
    expect(told()).toMatchObject({ previous_roster_id: null, counts: { joined: 1 } });
  });

  it("is not reconciled without its lease, nor where there is none of the name", async () => {
    const { acme, deps, employ, lease, objects, rosters, start } = await createRosterStage();
    await employ([ann]);
    const roster = await start();
    const notLeased = { ...deps, rosters: { ...rosters, lease: async () => false } };
    expect(await reconcileRoster(notLeased)(acme, roster.rosterId, lease())).toBe("void");
    expect(await reconcileRoster(deps)(acme, "another" as RosterId, lease())).toBe("void");
    await failRoster(deps)(acme, "another" as RosterId);
    expect(objects.size).toBe(0);
  });

  it("is incomplete where some people could not be read, who are there all the same", async () => {
    const { employ, list, run, told, untold } = await createRosterStage();
    await employ([ann, bea]);
    untold.set(bea.id, { times: 9, passes: false });
    const { roster } = await run();
    expect(roster.outcome).toMatchObject({ incomplete: true, individuals: 2, employees: 2 });
    expect(told()).toMatchObject({ incomplete: true });
    expect((await list()).items.map(({ fields }) => [fields.last_name, fields.dob])).toEqual([
      ["Lindqvist", null],
      ["Okonkwo", "1988-04-12"],
    ]);
  });

  it("has none before it where it is the first, and keeps the people of a connection that nobody began to read", async () => {
    const { acme, deps, employ, lease, plan, rosters, run, start, told } = await createRosterStage();
    await employ([ann, bea]);
    const first = await start();
    for (const id of await plan(first)) expect(id).toBeTypeOf("string");
    const find: typeof rosters.find = async (customerId, id) =>
      id === null ? expect.fail("there is none to be found") : rosters.find(customerId, id);
    expect(await reconcileRoster({ ...deps, rosters: { ...rosters, find } })(acme, first.rosterId, lease())).toBe(
      "ready",
    );
    await run();
    expect(told()).toMatchObject({ incomplete: false, counts: { joined: 2 } });
    const second = await start();
    await plan(second);
    expect(await reconcileRoster(deps)(acme, second.rosterId, lease())).toBe("ready");
    expect(told()).toMatchObject({ incomplete: true, employees: 0, counts: { joined: 0, left: 0 } });
  });

  it("keeps the people of the one entity that could not be read, and not of the others", async () => {
    const { acme, deps, employ, employed, instead, run, told } = await createRosterStage();
    const { connectionId } = await employ([ann]);
    employed.set("entity-2", [bea]);
    const entities = ["entity-1", "entity-2"].map((id) => ({ id, name: null, sourceId: null, status: "connected" }));
    const connection = (await deps.connections.find(acme, connectionId)) ?? expect.fail();
    const [token = expect.fail()] = connection.tokens;
    const both = { ...connection, entities, tokens: [{ ...token, entityIds: ["entity-1", "entity-2"] }] };
    deps.connections = {
      ...deps.connections,
      find: async () => both,
      list: async () => ({ items: [both], next: undefined }),
    };
    await run();
    expect(told().counts).toMatchObject({ joined: 2 });
    employed.set("entity-1", []);
    instead.push({ read: "readDirectory", of: "entity-2", answer: { kind: "not_permitted" } });
    await run();
    expect(told()).toMatchObject({ incomplete: true, counts: { joined: 0, left: 1 } });
  });
});
