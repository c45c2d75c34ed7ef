/** Rosters and their employees as the API tells them, and the steps that make them: each reply is held against the document. */
import { describe, expect, it } from "vitest";
import { operation as getEmployee } from "#generated/operations/get-employee.js";
import { operation as getRoster } from "#generated/operations/get-roster.js";
import { operation as listEmployees } from "#generated/operations/list-employees.js";
import { operation as startRoster } from "#generated/operations/start-roster.js";
import { createHandler as getEmployeeHandler } from "../../../functions/get-employee/handler.ts";
import { createHandler as getRosterHandler } from "../../../functions/get-roster/handler.ts";
import { createHandler as listEmployeesHandler } from "../../../functions/list-employees/handler.ts";
import { createHandler as readHandler } from "../../../functions/read-roster-page/handler.ts";
import { createHandler as reconcileHandler } from "../../../functions/reconcile-roster/handler.ts";
import { createHandler as startRosterHandler } from "../../../functions/start-roster/handler.ts";
import { aConnection, newCustomerId } from "../../support/builders.ts";
import { ann, annAgain, bea, carl, dora } from "../roster/setting.ts";
import { createRosterStage } from "../roster/stages.ts";
import { ask, codeOf, recordLog } from "./support.ts";

const nameless = { id: "nobody-1", first: "", last: "" };
const odd = { id: "odd-1", first: "\u0000\u202e", last: "<b>😀</b>", dob: "0000-00-00", email: "\u0000@x" };

const createStage = async () => {
  const stage = await createRosterStage();
  const { log, lines } = recordLog();
  const deps = { ...stage.deps, log };
  const [start, status] = [startRosterHandler(deps), getRosterHandler(deps)];
  const [list, one] = [listEmployeesHandler(deps), getEmployeeHandler(deps)];
  const ofAcme = { customer_id: String(stage.acme) };
  return {
    ...stage,
    ...{ deps, lines },
    begin: (path = ofAcme) => ask(start, startRoster, { path, claims: { client_id: "backend-1" } }),
    look: (rosterId: string, path = ofAcme) => ask(status, getRoster, { path: { ...path, roster_id: rosterId } }),
    page: (query: Record<string, string> = {}, path = ofAcme) => ask(list, listEmployees, { path, query }),
    find: (employeeId: string, path = ofAcme) => ask(one, getEmployee, { path: { ...path, employee_id: employeeId } }),
  };
};
const idsIn = (answer: { readonly body: Readonly<Record<string, unknown>> }): string[] =>
  (answer.body["employees"] as { readonly employee_id: string }[]).map(({ employee_id }) => employee_id);

describe("a roster over the API", () => {
  it("is begun, told of on its way, and has its employees at the end, whatever they are called", async () => {
    const { employ, begin, look, page, find, finish, findRoster, plan, reads } = await createStage();
    await employ([ann, bea, nameless, odd]);
    await employ([annAgain, carl, dora]);
    const begun = await begin();
    const rosterId = String(begun.body["roster_id"]);
    expect([begun.status, begun.headers["location"]?.endsWith(`/employee-rosters/${rosterId}`)]).toEqual([202, true]);
    expect((await begin()).body["roster_id"]).toBe(rosterId);
    const roster = await findRoster(rosterId as never);
    await plan(roster);
    expect((await look(rosterId)).body["connections"]).toHaveLength((await reads(roster)).length);
    expect((await page()).status).toBe(404);
    await finish(roster);
    expect((await look(rosterId)).body).toMatchObject({ status: "ready", individual_count: 7, employee_count: 6 });
    const all = idsIn(await page());
    expect(all).toHaveLength(6);
    const explained = await Promise.all(all.map((id) => find(id)));
    expect(explained.map(({ status, body }) => [status, body["employee_id"]])).toEqual(all.map((id) => [200, id]));
    expect(explained.filter(({ body }) => (body["why"] as unknown[]).length > 0)).toHaveLength(1);
  });

  it("is refused to a customer with too many connections, with what to do", async () => {
    const { deps, acme } = await createStage();
    const items = Array.from({ length: 5_001 }, () => aConnection({ customerId: acme }));
    const start = startRosterHandler({ ...deps, connections: { list: async () => ({ items, next: undefined }) } });
    const claims = { client_id: "backend-1" };
    const refused = await ask(start, startRoster, { path: { customer_id: String(acme) }, claims });
    expect([refused.status, codeOf(refused)]).toEqual([409, "too_many_connections"]);
    expect(refused.body["detail"]).toContain("Disconnect those that nobody uses");
  });

  it("goes on from a cursor, and takes none that it has not given out", async () => {
    const { employ, run, page } = await createStage();
    await employ([ann, bea, carl, dora]);
    await run();
    const first = await page({ limit: "3" });
    const cursor = String(first.body["next_cursor"]);
    const second = await page({ limit: "3", cursor });
    expect([...idsIn(first), ...idsIn(second)]).toEqual(idsIn(await page()));
    expect(second.body["next_cursor"]).toBeNull();
    const [rosterId = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
    const cursorOf = (text: string) => Buffer.from(text).toString("base64url");
    for (const text of ["", "x", `${rosterId} -1`, `${rosterId} 1.5`, `${rosterId} 1 1`, `${rosterId} 9999999999`]) {
      const refused = await page({ cursor: cursorOf(text) });
      expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, "query.cursor"]);
    }
    expect(idsIn(await page({ cursor: cursorOf(`${rosterId} 999999999`) }))).toEqual([]);
    const unknown = await page({ cursor: cursorOf(`${crypto.randomUUID()} 0`) });
    expect([unknown.status, codeOf(unknown)]).toEqual([404, "not_found"]);
  });

  it("is nothing to another customer, by its id or by a cursor", async () => {
    const { employ, run, page, find, look } = await createStage();
    await employ([ann, bea]);
    const { roster } = await run();
    const first = await page({ limit: "1" });
    const other = { customer_id: String(newCustomerId()) };
    const answers = [
      await look(roster.rosterId, other),
      await page({}, other),
      await page({ cursor: String(first.body["next_cursor"]) }, other),
      await find(String(idsIn(first)[0]), other),
    ];
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual(answers.map(() => [404, "not_found"]));
  });
});

describe("a step of a roster", () => {
  const time = { getRemainingTimeInMillis: () => 600_000 };

  it("says of what it throws only that it failed, and logs nobody's name", async () => {
    const { employ, start, deps, acme, lines } = await createStage();
    const { connectionId } = await employ([ann]);
    const roster = await start();
    const about = { customer_id: acme, roster_id: roster.rosterId, connection_id: connectionId };
    const put = () => Promise.reject(new Error(`cannot write ${ann.last}`));
    const failing = { ...deps, pages: { ...deps.pages, put } };
    const [read, reconcile] = [readHandler(failing), reconcileHandler(failing)];
    await reconcile({ step: "plan", ...about }, time);
    const thrown = [
      await read({ step: "read", ...about }, time).catch(String),
      await reconcile({ step: "reconcile", ...about }, time).catch(String),
      await read({ step: "read", ...about, connection_id: undefined }, time).catch(String),
    ];
    expect(thrown).toEqual(thrown.map(() => "Error: a step of a roster has failed"));
    for (const hidden of [ann.last, ann.first]) expect(lines.join("\n")).not.toContain(hidden);
    expect(lines.filter((line) => line.includes('"level":"ERROR"'))).toHaveLength(3);
  });

  it("gives a connection up, or the roster, when it is told to", async () => {
    const { employ, start, deps, acme, reads, findRoster } = await createStage();
    const { connectionId } = await employ([ann]);
    const roster = await start();
    const about = { customer_id: acme, roster_id: roster.rosterId };
    const [read, reconcile] = [readHandler(deps), reconcileHandler(deps)];
    expect(await reconcile({ step: "plan", ...about }, time)).toEqual({ connections: [connectionId] });
    expect(await read({ step: "give_up", ...about, connection_id: connectionId }, time)).toEqual({ state: "done" });
    expect(await reads(roster)).toMatchObject([{ state: "failed", reason: "internal_error" }]);
    expect(await reconcile({ step: "fail", ...about }, time)).toEqual({ state: "failed" });
    expect(await findRoster(roster.rosterId)).toMatchObject({ state: "failed", reason: "internal_error" });
    expect(await reconcile({ step: "reconcile", ...about }, time)).toEqual({ state: "void" });
  });

  it("notes what an execution leaves running that was lost, and nothing of one that told its end itself", async () => {
    const { employ, start, deps, acme, look, begin, executions, lines } = await createStage();
    await employ([ann]);
    const { rosterId } = await start();
    const reconcile = reconcileHandler(deps);
    // https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    const told = (
      status: string,
      name = `${rosterId}-1`,
      names: object = { customer_id: acme, roster_id: rosterId },
    ) => ({
      ...{ version: "0", source: "aws.states", "detail-type": "Step Functions Execution Status Change" },
      detail: { name, status, input: JSON.stringify(names), inputDetails: { included: true }, output: null },
    });
    const statusNow = async () => (await look(rosterId)).body["status"];
    expect(await statusNow()).toBe("running");
    executions.set(`${rosterId}-1`, "over");
    expect(await reconcile(told("ABORTED"), time)).toEqual({ state: "stopped" });
    expect(lines.at(-1)).toContain('"reason":"ABORTED"');
    expect(await statusNow()).toBe("stopped");
    expect((await begin()).body).toMatchObject({ roster_id: rosterId, status: "running" });
    expect(await statusNow()).toBe("running");
    const before = lines.length;
    expect(await reconcile(told("ABORTED"), time)).toEqual({ state: "void" });
    expect(await reconcile({ step: "fail", customer_id: acme, roster_id: rosterId }, time)).toEqual({
      state: "failed",
    });
    expect(await reconcile(told("FAILED", `${rosterId}-2`), time)).toEqual({ state: "void" });
    expect([await statusNow(), lines.slice(before).filter((line) => line.includes("stopped"))]).toEqual(["failed", []]);
    // A connection's execution is not a roster's.
    for (const name of ["another", rosterId, `${rosterId}-x`, `${rosterId}-01`]) {
      await expect(reconcile(told("FAILED", name), time)).rejects.toThrow("an execution is no roster's");
    }
    await expect(reconcile(told("FAILED", "another", {}), time)).rejects.toThrow("a step names no roster");
  });

  it("does nothing for what names no roster", async () => {
    const { deps } = await createStage();
    for (const input of [null, {}, { step: "read", customer_id: "a", roster_id: "b" }]) {
      await expect(readHandler(deps)(input, time)).rejects.toThrow("a step names no roster");
      await expect(reconcileHandler(deps)(input, time)).rejects.toThrow("a step names no roster");
    }
  });
});
