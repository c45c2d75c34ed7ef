/** What becomes of what was read: employees, their changes since the last roster, and what the platform has decided. */
import { describe, expect, it } from "vitest";
import { decideMatch } from "#shared/roster/decide-match.ts";
import type { BatchItem, ToldIndividual } from "#shared/roster/ports.ts";
import { readConnection } from "#shared/roster/read-connection.ts";
import { failRoster, reconcileRoster } from "#shared/roster/reconcile-roster.ts";
import { aDisconnect, newConnectionId, newCustomerId } from "../../support/builders.ts";
import { ann, annAgain, bea, carl, dora } from "./setting.ts";
import { createRosterStage, names } from "./stages.ts";

/** The same without a name. */
const nameless = (item: BatchItem<ToldIndividual>): BatchItem<ToldIndividual> => {
  if (item.kind !== "told") return item;
  const { individual, ssn } = item.body;
  return { ...item, body: { individual: { ...individual, first_name: null, last_name: null }, ssn } };
};

describe("a roster", () => {
  it("has each person once, of all connections, in the order of names", async () => {
    const { employ, run, list } = await createRosterStage();
    await employ([dora, ann, bea]);
    await employ([carl, annAgain]);
    const { outcome, roster } = await run();
    expect([outcome, roster.state]).toEqual(["ready", "ready"]);
    expect(roster.outcome).toMatchObject({ incomplete: false, individuals: 5, employees: 4 });
    const { items } = await list();
    expect(names(items)).toEqual(["Lindqvist", "Nakamura", "Okonkwo", "Petrov"]);
    expect(items.map(({ sources }) => sources.length)).toEqual([1, 1, 2, 1]);
  });

  it("has the names of the directory where Finch tells of somebody without one", async () => {
    const { deps, employ, finish, start, list } = await createRosterStage();
    await employ([ann, bea]);
    const { readIndividuals } = deps.people;
    deps.people = {
      ...deps.people,
      readIndividuals: async (...asked) => {
        const answer = await readIndividuals(...asked);
        if (answer.kind !== "batch") return answer;
        return { ...answer, items: answer.items.map((item) => (item.individualId === bea.id ? nameless(item) : item)) };
      },
    };
    await finish(await start());
    expect(names((await list()).items)).toEqual(["Lindqvist", "Okonkwo"]);
  });

  it("of nobody is one, too", async () => {
    const { run, list } = await createRosterStage();
    const { roster } = await run();
    expect(roster.outcome).toMatchObject({ individuals: 0, employees: 0, incomplete: false });
    expect((await list()).items).toEqual([]);
  });

  it("tells who has joined, left and moved since the last one, by ids that stay", async () => {
    const { employ, hire, run, list, told } = await createRosterStage();
    const [one, other] = [await employ([ann, bea]), await employ([carl])];
    await run();
    const before = (await list()).items.map(({ employee_id }) => employee_id);
    expect(told()).toMatchObject({ previous_roster_id: null, counts: { joined: 3, left: 0 }, truncated: false });
    hire(one, [bea]);
    hire(other, [dora]);
    const { roster } = await run();
    const after = (await list()).items.map(({ employee_id }) => employee_id);
    const left = before.filter((id) => !after.includes(id));
    const joined = after.filter((id) => !before.includes(id));
    expect(told()).toMatchObject({ joined, left: expect.arrayContaining(left), moved: [], merged: [], split: [] });
    expect(told().counts).toEqual({ joined: 1, left: 2, moved: 0, merged: 0, split: 0 });
    expect(roster.outcome?.changes).toEqual(told().counts);
  });

  it("is there without a connection that could not be read, says so, and keeps its people for the next", async () => {
    const { employ, run, list, told, instead } = await createRosterStage();
    await employ([ann, bea]);
    await employ([carl]);
    await run();
    const before = (await list()).items.map(({ employee_id }) => employee_id);
    instead.push({ read: "readDirectory", answer: { kind: "needs_customer" }, of: "entity-2" });
    const { roster } = await run();
    expect(roster.outcome).toMatchObject({ incomplete: true, employees: 2 });
    expect(told().counts).toEqual({ joined: 0, left: 0, moved: 0, merged: 0, split: 0 });
    await run();
    expect(told().counts).toEqual({ joined: 0, left: 0, moved: 0, merged: 0, split: 0 });
    expect((await list()).items.map(({ employee_id }) => employee_id)).toEqual(before);
  });

  it("is of the connections that are there at its end: who was read of another one has left", async () => {
    const { acme, deps, employ, memory, plan, read, run, start, list, told } = await createRosterStage();
    await employ([ann, bea]);
    const { connectionId } = await employ([carl]);
    const unread = await employ([dora]);
    await run();
    const roster = await start();
    await plan(roster);
    for (const { connectionId: id } of memory.rosterReads.values()) {
      if (id !== unread.connectionId) await read(roster, id).catch(() => undefined);
    }
    const ended = memory.connections.get(`${acme}#${connectionId}`) ?? expect.fail();
    memory.connections.set(`${acme}#${connectionId}`, { ...ended, disconnect: aDisconnect() });
    memory.connections.delete(`${acme}#${unread.connectionId}`);
    expect(await reconcileRoster(deps)(acme, roster.rosterId, deps.now())).toBe("ready");
    expect(names((await list()).items)).toEqual(["Lindqvist", "Okonkwo"]);
    expect(told()).toMatchObject({ incomplete: false, counts: { joined: 0, left: 2 } });
  });

  it("keeps the people of a connection whose reading was lost on the way and that nobody followed", async () => {
    const { acme, deps, employ, lease, plan, run, start, list, told } = await createRosterStage();
    const { connectionId } = await employ([ann, bea, carl]);
    await run();
    const before = (await list()).items.map(({ employee_id }) => employee_id);
    const roster = await start();
    await plan(roster);
    let turns = 3;
    const request = { customerId: acme, rosterId: roster.rosterId, connectionId };
    await readConnection(deps)(request, lease(), () => {
      turns -= 1;
      return turns >= 0;
    });
    expect(await reconcileRoster(deps)(acme, roster.rosterId, lease())).toBe("ready");
    expect(told()).toMatchObject({ incomplete: true, counts: { joined: 0, left: 0 } });
    await run();
    expect(told().counts).toEqual({ joined: 0, left: 0, moved: 0, merged: 0, split: 0 });
    expect((await list()).items.map(({ employee_id }) => employee_id)).toEqual(before);
  });

  it("that was cancelled while it was reconciled is not published, and nobody has its lease", async () => {
    const { acme, deps, employ, lease, memory, plan, read, start, rosters } = await createRosterStage();
    await employ([ann]);
    const roster = await start();
    for (const id of await plan(roster)) await read(roster, id);
    const decisions: typeof rosters.decisions = async (id) => {
      const [key, stored] = [...memory.rosters].find(([, each]) => each.rosterId === roster.rosterId) ?? expect.fail();
      memory.rosters.set(key, { ...stored, state: "cancelled" });
      return rosters.decisions(id);
    };
    expect(await reconcileRoster({ ...deps, rosters: { ...rosters, decisions } })(acme, roster.rosterId, lease())).toBe(
      "void",
    );
    expect(await rosters.find(acme, roster.rosterId)).toMatchObject({ state: "cancelled", leaseUntil: null });
  });

  it("does as the platform has decided, from the next one on: splits, and joins again", async () => {
    const { acme, by, deps, employ, run, list, told } = await createRosterStage();
    const [one, other] = [await employ([ann]), await employ([annAgain])];
    const pair = {
      a: { connection_id: one.connectionId, individual_id: ann.id },
      b: { connection_id: other.connectionId, individual_id: annAgain.id },
    };
    const decide = (same: boolean) => decideMatch(deps)(acme, { ...pair, same }, by);
    await run();
    const [together] = (await list()).items;
    expect(together?.sources).toHaveLength(2);
    expect(await decide(false)).toMatchObject({ ok: true, value: { same: false, version: 1 } });
    expect(await decide(false)).toMatchObject({ value: { version: 1 } });
    for (let again = 0; again < 2; again += 1) {
      await run();
      expect((await list()).items).toHaveLength(2);
    }
    expect(await decide(true)).toMatchObject({ value: { same: true, version: 2 } });
    await run();
    expect((await list()).items).toHaveLength(1);
    expect(told()).toMatchObject({ counts: { merged: 1, split: 0 }, merged: [{ from: expect.any(Array) }] });
    const nobodys = { ...pair, b: { ...pair.b, connection_id: newConnectionId() }, same: true };
    expect(await decideMatch(deps)(acme, nobodys, by)).toMatchObject({ refusal: "connection_unknown" });
    const elsewhere = await decideMatch(deps)(newCustomerId(), { ...pair, same: true }, by);
    expect(elsewhere).toMatchObject({ refusal: "connection_unknown" });
  });

  it("that is over is not reconciled again, and one that failed keeps the one before", async () => {
    const { acme, deps, employ, lease, run, start, rosters, list } = await createRosterStage();
    await employ([ann]);
    const { roster } = await run();
    expect(await reconcileRoster(deps)(acme, roster.rosterId, lease())).toBe("void");
    const next = await start();
    await failRoster(deps)(acme, next.rosterId);
    expect(await rosters.find(acme, next.rosterId)).toMatchObject({ state: "failed", reason: "internal_error" });
    expect((await list()).roster.rosterId).toBe(roster.rosterId);
    await failRoster(deps)(acme, roster.rosterId);
    expect(await rosters.find(acme, roster.rosterId)).toMatchObject({ state: "ready" });
  });

  it("is reconciled alike by who comes after one that died", async () => {
    const { acme, deps, employ, lease, plan, read, start, list } = await createRosterStage();
    await employ([ann, bea]);
    const roster = await start();
    for (const id of await plan(roster)) await read(roster, id);
    let left = 2;
    const put: typeof deps.pages.put = async (...all) => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return deps.pages.put(...all);
    };
    const dying = { ...deps, pages: { ...deps.pages, put } };
    await expect(reconcileRoster(dying)(acme, roster.rosterId, lease())).rejects.toThrow("killed");
    expect(await reconcileRoster(deps)(acme, roster.rosterId, lease())).toBe("ready");
    expect((await list()).items).toHaveLength(2);
  });
});
