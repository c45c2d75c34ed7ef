/** How a roster begins, and what it asks of SSNs. */
import { describe, expect, it } from "vitest";
import { isStopped } from "#shared/roster/roster.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { aTokenRecord, minute } from "../../support/builders.ts";
import { ann, createRosterSetting } from "./setting.ts";

const stage = async () => {
  const setting = await createRosterSetting();
  await setting.employ([ann]);
  const roster = await setting.start();
  return { ...setting, roster };
};

describe("the start of a roster", () => {
  it("is one, however often it is asked for, until it is over", async () => {
    const { start, roster, executions, finish } = await stage();
    expect((await start()).rosterId).toBe(roster.rosterId);
    expect([...executions.keys()]).toEqual([`${roster.rosterId}-1`]);
    await finish(roster);
    expect((await start()).rosterId).not.toBe(roster.rosterId);
  });

  it("begins an execution anew that was lost, and one that never came to be", async () => {
    const { start, roster, executions } = await stage();
    executions.delete(`${roster.rosterId}-1`);
    await start();
    expect([...executions.keys()]).toEqual([`${roster.rosterId}-1`]);
    executions.set(`${roster.rosterId}-1`, "over");
    await Promise.all([start(), start()]);
    expect([...executions.keys()]).toEqual([`${roster.rosterId}-1`, `${roster.rosterId}-2`]);
  });

  it("of one that has stopped lets it go on with another execution, whatever is told late of the one before", async () => {
    const { executions, findRoster, rosters, roster, start } = await stage();
    const once = { ...roster, execution: 1 };
    executions.set(`${roster.rosterId}-1`, "over");
    expect(await rosters.stop(once)).toBe(true);
    expect(isStopped(await findRoster(roster.rosterId))).toBe(true);
    // Who asks for it again is told that it goes on.
    expect(isStopped(await start())).toBe(false);
    expect(isStopped(await findRoster(roster.rosterId))).toBe(false);
    expect(await rosters.stop(once)).toBe(false);
    expect(executions.get(`${roster.rosterId}-2`)).toBe("on");
  });

  it("is refused for a customer who is being deleted", async () => {
    const { memory, acme, deps, rosters, roster } = await stage();
    await rosters.fail(roster, "internal_error", deps.now());
    const customer = memory.customers.get(acme) ?? expect.fail();
    const deletion = { deletionId: "d" as never, requestedAt: new Date(deps.now().getTime() - minute) };
    memory.customers.set(acme, { ...customer, deletion });
    expect(await startRoster(deps)(acme, { caller: "c", requestId: "r" })).toMatchObject({
      refusal: "customer_deleting",
    });
  });
});

describe("an SSN", () => {
  const ssn = "412-55-9087";
  it("is asked for where the stage says so, and kept as a mark only", async () => {
    const setting = await createRosterSetting();
    const { connectionId } = await setting.employ([{ ...ann, ssn }]);
    const roster = await setting.start();
    await setting.plan(roster);
    await setting.read(roster, connectionId);
    const kept = [...setting.objects.values()].join("\n");
    expect(kept).toContain('"ssn_mark":');
    expect(kept).not.toContain(ssn);
    expect(kept.replaceAll(/\D/g, "")).not.toContain(ssn.replaceAll("-", ""));
  });

  it("is not asked for otherwise, nor where the connection has no token for it", async () => {
    const without = await createRosterSetting({ asksForSsn: false });
    const token = aTokenRecord({ products: ["directory", "individual", "employment"], entityIds: ["entity-1"] });
    const lacking = await createRosterSetting();
    for (const [setting, changes] of [
      [without, {}],
      [lacking, { tokens: [token] }],
    ] as const) {
      const { connectionId } = await setting.employ([{ ...ann, ssn }], changes);
      const roster = await setting.start();
      await setting.plan(roster);
      await setting.read(roster, connectionId);
      expect(await setting.reads(roster)).toMatchObject([{ state: "complete" }]);
      expect([...setting.objects.values()].join("\n")).not.toContain("ssn_mark");
    }
  });
});
