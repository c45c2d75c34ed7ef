import { describe, expect, it } from "vitest";
import type { BudgetName, Priority } from "#shared/budget/budget.ts";
import type { Reservation } from "#shared/budget/budgets.ts";
import { createAskForLeave } from "#shared/budget/leave.ts";
import { createLeaveAhead } from "#shared/budget/leave-ahead.ts";
import { afterNoon, noon } from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";

/** Budgets that answer as they are told, in turn and each with its last answer from then on, and what was done with them. */
const setting = (priority: Priority, patienceMs = 0) => {
  const surroundings = createMemorySurroundings();
  const answers: Partial<Record<BudgetName, Reservation[]>> = {};
  const done: string[] = [];
  const reserved = (name: BudgetName, more: { at?: Date; sendBy?: Date } = {}): Reservation => ({
    ...{ kind: "reserved", at: noon, sendBy: afterNoon(60_000), ...more },
    giveBack: async () => void done.push(`give back ${name}`),
  });
  const reserve = async (name: BudgetName): Promise<Reservation> => {
    done.push(`reserve ${name}`);
    const [answer = reserved(name), ...others] = answers[name] ?? [];
    if (others.length > 0) answers[name] = others;
    return answer;
  };
  const askForLeave = createAskForLeave({ ...surroundings, budgets: { reserve }, priority, patienceMs });
  return { ...surroundings, answers, done, reserved, askForLeave };
};

const refused = (milliseconds: number): Reservation => ({ kind: "refused", retryAt: afterNoon(milliseconds) });

describe("leave to send", () => {
  it("is the address's where the path has no product", async () => {
    const { askForLeave, done } = setting("interactive");
    expect(await askForLeave("/introspect", 1_000)).toMatchObject({ kind: "granted", sendBy: afterNoon(60_000) });
    expect(done).toEqual(["reserve address"]);
  });

  it("is both's where it has one, for as long as both hold", async () => {
    const { askForLeave, done, answers, reserved } = setting("interactive");
    answers.company = [reserved("company", { sendBy: afterNoon(1_000) })];
    expect(await askForLeave("/employer/company", 1_000)).toMatchObject({ sendBy: afterNoon(1_000) });
    expect(done).toEqual(["reserve address", "reserve company"]);
  });

  it("is the product's first for background work, which takes nothing of the address's before", async () => {
    const { askForLeave, done } = setting("background");
    expect(await askForLeave("/employer/company", 1_000)).toMatchObject({ kind: "granted" });
    expect(done).toEqual(["reserve company", "reserve address"]);
  });

  it("is waited for until the moment that the product's budget gives", async () => {
    const { askForLeave, answers, reserved, now } = setting("interactive");
    answers.company = [reserved("company", { at: afterNoon(4_000), sendBy: afterNoon(5_000) })];
    expect(await askForLeave("/employer/company", 20_000)).toMatchObject({ kind: "granted" });
    expect(now()).toEqual(afterNoon(4_000));
  });

  it.each([
    ["interactive", ["reserve address", "reserve company", "give back address"]],
    ["background", ["reserve company"]],
  ] as const)("is given back as a whole where a part is missing, to %s work at once", async (priority, expected) => {
    const { askForLeave, answers, done, now } = setting(priority);
    answers.company = [refused(30_000)];
    expect(await askForLeave("/employer/company", 20_000)).toEqual({ kind: "refused", retryAt: afterNoon(30_000) });
    expect([done, now()]).toEqual([expected, noon]);
  });

  it("is waited for by who has patience, as often as it takes, and asked for no sooner than it may come", async () => {
    const { askForLeave, answers, done, reserved, now } = setting("background", 10_000);
    answers.company = [refused(3_000), refused(6_000), reserved("company")];
    expect(await askForLeave("/employer/company", 60_000)).toMatchObject({ kind: "granted" });
    expect([now(), done.filter((each) => each === "reserve company").length]).toEqual([afterNoon(6_000), 3]);
  });

  it.each([
    [10_000, 60_000],
    [60_000, 10_000],
  ])("is not waited for beyond the patience (%i ms) or the time that there is (%i ms)", async (patienceMs, mostMs) => {
    const { askForLeave, answers, now } = setting("exchange", patienceMs);
    answers.address = [refused(9_000), refused(11_000)];
    expect(await askForLeave("/auth/token", mostMs)).toEqual({ kind: "refused", retryAt: afterNoon(11_000) });
    expect(now()).toEqual(afterNoon(9_000));
  });

  it("is waited for to the very end of the patience", async () => {
    const { askForLeave, answers, reserved, now } = setting("exchange", 10_000);
    answers.address = [refused(10_000), reserved("address")];
    expect(await askForLeave("/auth/token", 60_000)).toMatchObject({ kind: "granted" });
    expect(now()).toEqual(afterNoon(10_000));
  });

  it("that comes too late for who does not wait is refused", async () => {
    const { askForLeave, answers, reserved } = setting("exchange");
    answers.address = [reserved("address", { sendBy: noon })];
    expect(await askForLeave("/auth/token", 1_000)).toEqual({ kind: "refused", retryAt: noon });
  });

  it("that comes too late is not used, and asked for anew without haste", async () => {
    const { askForLeave, answers, done, reserved, now } = setting("exchange", 1_000);
    answers.address = [reserved("address", { sendBy: noon }), reserved("address")];
    expect(await askForLeave("/auth/token", 1_000)).toMatchObject({ kind: "granted" });
    expect(done).toEqual(["reserve address", "give back address", "reserve address"]);
    expect(now().getTime() - noon.getTime()).toBe(50);
  });
});

describe("leave ahead", () => {
  const ahead = () => {
    const world = setting("exchange");
    return { ...world, leave: createLeaveAhead(world.askForLeave, world.now) };
  };

  it("is used by the next request, once", async () => {
    const { leave, done } = ahead();
    leave.begin("/auth/token");
    for (let count = 0; count < 2; count += 1) await leave.askForLeave("/auth/token", 1_000);
    await leave.end();
    expect(done).toEqual(["reserve address", "reserve address"]);
  });

  it("that nobody needs is given back", async () => {
    const { leave, done } = ahead();
    leave.begin("/auth/token");
    await leave.end();
    await leave.end();
    expect(done).toEqual(["reserve address", "give back address"]);
  });

  it("that is out of date is given back, and asked for anew", async () => {
    const { leave, done, advance } = ahead();
    leave.begin("/auth/token");
    // It is there, and good until then.
    await new Promise((resolve) => setImmediate(resolve));
    advance(60_000);
    await leave.askForLeave("/auth/token", 1_000);
    expect(done).toEqual(["reserve address", "give back address", "reserve address", "give back address"]);
  });

  it("that is refused is asked for anew, with the patience that there is then", async () => {
    const { leave, answers, done, reserved } = ahead();
    answers.address = [refused(1_000), reserved("address")];
    leave.begin("/auth/token");
    expect(await leave.askForLeave("/auth/token", 1_000)).toMatchObject({ kind: "granted" });
    await leave.end();
    expect(done).toEqual(["reserve address", "reserve address"]);
  });
});
