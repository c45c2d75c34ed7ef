/** Where a run begins and is planned, and two individuals are decided on, while others do the same; and what is written of it. */
import { describe, expect, it } from "vitest";
import { refuse } from "#shared/result.ts";
import { decideMatch } from "#shared/roster/decide-match.ts";
import { planRoster } from "#shared/roster/plan-roster.ts";
import type { Roster, RosterId } from "#shared/roster/roster.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { aDisconnect, newCustomerId } from "../../support/builders.ts";
import { ann, bea, createRosterSetting } from "./setting.ts";

const dayMs = 24 * 3_600_000;

describe("a roster that begins", () => {
  it("is stored whole, with an entry in the audit, and its execution is told ids and nothing else", async () => {
    const { acme, by, deps, memory, findRoster } = await createRosterSetting();
    const inputs: unknown[] = [];
    const executions = { ...deps.executions, start: async (...all: unknown[]) => void inputs.push(all) };
    const rosters = { ...deps.rosters, find: async () => expect.fail("there is none to be found") };
    const started = await startRoster({ ...deps, rosters, executions })(acme, by);
    const roster = started.ok ? started.value : expect.fail();
    const now = deps.now();
    expect(roster).toEqual({
      ...{ customerId: acme, rosterId: roster.rosterId, state: "running", reason: null, startedAt: now },
      ...{ finishedAt: null, expiresAt: new Date(now.getTime() + 30 * dayMs), execution: 1, ssnKey: null },
      ...{ outcome: null, leaseUntil: null, stoppedExecution: null },
    });
    expect(await findRoster(roster.rosterId)).toEqual(roster);
    expect(inputs).toEqual([[`${roster.rosterId}-1`, { customer_id: acme, roster_id: roster.rosterId }]]);
    expect(memory.audit.at(-1)).toMatchObject({
      customerId: acme,
      action: "roster_started",
      at: now,
      caller: by.caller,
    });
  });

  it("at the same moment as another gives that one", async () => {
    const { acme, by, deps, rosters, executions } = await createRosterSetting();
    let other: Roster | undefined;
    const begin: typeof rosters.begin = async (roster, ...all) => {
      if (other === undefined) {
        other = { ...roster, rosterId: "another-one" as RosterId };
        await rosters.begin(other, ...all);
      }
      return rosters.begin(roster, ...all);
    };
    const started = await startRoster({ ...deps, rosters: { ...rosters, begin } })(acme, by);
    expect(started).toEqual({ ok: true, value: other });
    expect([...executions.keys()]).toEqual(["another-one-1"]);
  });

  it("comes after one that is over, whoever still names that as running", async () => {
    const { acme, by, deps, memory, rosters, start } = await createRosterSetting();
    const first = await start();
    await rosters.fail(first, "internal_error", deps.now());
    expect(memory.currentRosters.get(acme)?.running).toBe(first.rosterId);
    const second = await startRoster(deps)(acme, by);
    expect(second).toMatchObject({ ok: true, value: { state: "running", execution: 1 } });
    expect(second.ok && second.value.rosterId).not.toBe(first.rosterId);
  });

  it("needs its customer", async () => {
    const { by, deps, executions } = await createRosterSetting();
    expect(await startRoster(deps)(newCustomerId(), by)).toEqual({ ok: false, refusal: "customer_unknown" });
    expect(executions.size).toBe(0);
  });

  it("that goes on with another execution keeps all else", async () => {
    const { executions, findRoster, start } = await createRosterSetting();
    const roster = await start();
    for (const execution of [2, 3]) {
      executions.set(`${roster.rosterId}-${execution - 1}`, "over");
      await start();
      expect(await findRoster(roster.rosterId)).toEqual({ ...roster, execution });
      expect(executions.get(`${roster.rosterId}-${execution}`)).toBe("on");
    }
  });
});

describe("the plan of a roster", () => {
  it("has all connections that are in use, however many pages they come in, and the key of the run", async () => {
    const { acme, connect, deps, findRoster, lease, plan, start } = await createRosterSetting();
    const ids: string[] = [];
    for (let at = 0; at < 101; at += 1) ids.push((await connect(acme)).connectionId);
    await connect(acme, { heldReason: "customer_mismatch" });
    await connect(acme, { disconnect: aDisconnect() });
    const roster = await start();
    const planned = await plan(roster);
    expect(planned.toSorted()).toEqual(ids.toSorted());
    expect(await findRoster(roster.rosterId)).toEqual({
      ...roster,
      ssnKey: new Uint8Array(32).fill(8),
      leaseUntil: null,
    });
    expect((await planRoster(deps)(acme, roster.rosterId, lease())).toSorted()).toEqual(ids.toSorted());
  });

  it("has no key where no SSN is asked for, and nothing of a roster that does not run", async () => {
    const { acme, deps, employ, findRoster, lease, memory, plan, rosters, start } = await createRosterSetting({
      asksForSsn: false,
    });
    const { connectionId } = await employ([ann]);
    const roster = await start();
    expect(await plan(roster)).toEqual([connectionId]);
    expect((await findRoster(roster.rosterId)).ssnKey).toBeNull();
    expect(await planRoster(deps)(acme, "another" as RosterId, lease())).toEqual([]);
    const notPlanned = { ...deps, rosters: { ...rosters, plan: async () => false } };
    expect(await planRoster(notPlanned)(acme, roster.rosterId, lease())).toEqual([]);
    const notLeased = { ...deps, rosters: { ...rosters, lease: async () => false } };
    expect(await planRoster(notLeased)(acme, roster.rosterId, lease())).toEqual([]);
    await rosters.fail(roster, "internal_error", deps.now());
    const before = structuredClone(memory.rosterReads);
    expect(await plan(roster)).toEqual([]);
    expect(memory.rosterReads).toEqual(before);
  });

  it("has its key made for this customer and roster", async () => {
    const { acme, deps, plan, start } = await createRosterSetting();
    const contexts: unknown[] = [];
    const { make } = deps.dataKeys;
    deps.dataKeys.make = (...all: unknown[]) => {
      contexts.push(...all);
      return make();
    };
    const roster = await start();
    await plan(roster);
    expect(contexts).toEqual([{ customerId: acme, rosterId: roster.rosterId }]);
  });

  it("is made under a lease, which is given back", async () => {
    const { acme, deps, employ, findRoster, lease, rosters, start } = await createRosterSetting();
    await employ([ann]);
    const roster = await start();
    const until = lease();
    let during: Date | null = null;
    const plan: typeof rosters.plan = async (...all) => {
      during = (await findRoster(roster.rosterId)).leaseUntil;
      return rosters.plan(...all);
    };
    await planRoster({ ...deps, rosters: { ...rosters, plan } })(acme, roster.rosterId, until);
    expect([during, (await findRoster(roster.rosterId)).leaseUntil]).toEqual([until, null]);
  });
});

describe("a decision on two individuals", () => {
  const stage = async () => {
    const setting = await createRosterSetting();
    const [one, other] = [await setting.employ([ann]), await setting.employ([bea])];
    const a = { connection_id: one.connectionId, individual_id: ann.id };
    const b = { connection_id: other.connectionId, individual_id: bea.id };
    return { ...setting, decision: { a, b, same: true } };
  };

  it("is kept with its time and version, and with an entry in the audit", async () => {
    const { acme, by, decision, deps, memory } = await stage();
    const kept = { ...decision, decidedAt: deps.now(), version: 1 };
    expect(await decideMatch(deps)(acme, decision, by)).toEqual({ ok: true, value: kept });
    expect([...memory.decisions.values()]).toEqual([kept]);
    expect(memory.audit.at(-1)).toMatchObject({
      customerId: acme,
      action: "match_decided",
      at: deps.now(),
      caller: by.caller,
    });
    const entries = memory.audit.length;
    await decideMatch(deps)(acme, decision, by);
    expect(memory.audit).toHaveLength(entries);
  });

  it("at the same moment as another comes after it, or is that one", async () => {
    const { acme, by, decision, deps, rosters } = await stage();
    const racing = (same: boolean) => {
      let isFirst = true;
      const decide: typeof rosters.decide = async (customerId, next, entries) => {
        if (isFirst) await rosters.decide(customerId, { ...next, same }, []);
        isFirst = false;
        return rosters.decide(customerId, next, entries);
      };
      return { ...deps, rosters: { ...rosters, decide } };
    };
    expect(await decideMatch(racing(false))(acme, decision, by)).toMatchObject({ value: { same: true, version: 2 } });
    expect(await decideMatch(racing(false))(acme, { ...decision, same: false }, by)).toMatchObject({
      value: { same: false, version: 3 },
    });
  });

  it.each(["customer_unknown", "customer_deleting"] as const)("is refused for %s", async (refusal) => {
    const { acme, by, decision, deps, rosters } = await stage();
    const refusing = { ...deps, rosters: { ...rosters, decide: async () => refuse(refusal) } };
    expect(await decideMatch(refusing)(acme, decision, by)).toEqual({ ok: false, refusal });
  });
});
