/** One roster of everybody who works for a customer, from all of its connections. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { breachesOf, listen } from "../support/events.ts";
import { executionOf, expectReferencesOnly, readExecutions } from "../support/executions.ts";
import { controlFinch } from "../support/finch.ts";
import { awaitDeletion } from "../support/functions.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { askAws, json } from "../support/least-privilege/call-aws.ts";
import { awaitRoster, listEmployees, openPages, readRoster, startRoster } from "../support/rosters.ts";
import { itemsAbout } from "../support/table.ts";

const products = ["company", "directory", "individual", "employment", "ssn"] as const;
const bus = listen();

/** Two employers of the customer's: some of the people work for both. */
const employ = async (customer: TestCustomer, [first, second]: readonly [number, number]) => {
  const gusto = await connect(customer, { company: customer.name, input: { products } });
  const bamboo = await connect(customer, { provider: "bamboo_hr", input: { products } });
  await controlFinch("POST", `employers/${gusto.connectionId}`, { people: first, seed: customer.id });
  await controlFinch("POST", `employers/${bamboo.connectionId}`, {
    ...{ people: second, overlap: { seed: customer.id, share: 0.5, variations: 0 } },
  });
  return [gusto.connectionId, bamboo.connectionId] as const;
};

const told = async (customer: TestCustomer) =>
  (await bus.of(customer.id, 1)).filter((event) => event["detail-type"] === "RosterReady");
const placesOf = (employees: readonly schema.Employee[]) =>
  employees.map(({ employee_id, sources }) => `${employee_id} ${sources.map((each) => each.individual_id).join(" ")}`);

describe("a roster", () => {
  it("has the people of all connections, each person once, and of a failed connection says that it is missing", async () => {
    const customer = await createCustomer();
    expect((await callBackend(`${customer.path}/employees`)).status).toBe(404);
    const [gusto, bamboo] = await employ(customer, [40, 30]);
    const { connectionId: lost } = await connect(customer, { provider: "rippling", input: { products } });
    await controlFinch("POST", `employers/${lost}`, { answers: { directory: "reauthenticate_user" } });

    const roster = await awaitRoster(customer, await startRoster(customer));
    expect(roster).toMatchObject({ incomplete: true, individual_count: 70 });
    // 15 work for both. Who of them is like somebody else, too, is left to the platform, and nobody is joined with another.
    const count = roster.employee_count ?? 0;
    expect([55, 56, 57]).toContain(count);
    const states = Object.fromEntries(roster.connections.map((each) => [each.connection_id, each.status]));
    expect(states).toEqual({ [gusto]: "complete", [bamboo]: "complete", [lost]: "failed" });
    const employees = await listEmployees(customer);
    expect(employees).toHaveLength(count);
    expect(employees.filter(({ sources }) => sources.length === 2)).toHaveLength(70 - count);
    expect(await listEmployees(customer, `limit=20&connection_id=${bamboo}`)).toHaveLength(30);
    const executions = await readExecutions(roster.roster_id);
    expect(executions).toHaveLength(1 + 3);
    const known = { customerId: customer.id, rosterId: roster.roster_id, connectionIds: [gusto, bamboo, lost] };
    expectReferencesOnly(executions, known);
    const events = await told(customer);
    expect(events.flatMap(breachesOf)).toEqual([]);
    expect(events.map(({ detail }) => detail.subject.id)).toEqual([roster.roster_id]);
  });

  it("is the same where Finch is not ready, fails, or loses its answers on the way, and keeps what was decided", async () => {
    const customer = await createCustomer();
    const [gusto, bamboo] = await employ(customer, [30, 10]);
    await awaitRoster(customer);
    const first = placesOf(await listEmployees(customer));
    expect([35, 36, 37]).toContain(first.length);
    const at = (connection_id: string, path: string, kind: string) => ({ connection_id, path, kind });
    await controlFinch("POST", "faults", [
      at(gusto, "/employer/directory", "data_sync_in_progress"),
      at(gusto, "/employer/individual", "server_error"),
      at(gusto, "/employer/employment", "answer_lost"),
      at(bamboo, "/employer/directory", "unreadable"),
      at(bamboo, "/employer/individual", "reset_before"),
      at(bamboo, "/employer/employment", "data_sync_in_progress"),
    ]);
    const again = await awaitRoster(customer);
    expect(again).toMatchObject({ incomplete: false });
    expect(again.changes).toEqual({ joined: 0, left: 0, moved: 0, merged: 0, split: 0 });
    expect(placesOf(await listEmployees(customer))).toEqual(first);

    // Who is said to be two people is two in each roster from the next on.
    const both = (await listEmployees(customer)).find(({ sources }) => sources.length === 2);
    const explained = await callBackend(`${customer.path}/employees/${both?.employee_id}`);
    expect(explained.json<schema.EmployeeExplained>().why).toHaveLength(1);
    const [a, b] = (both?.sources ?? []).map(({ connection_id, individual_id }) => ({ connection_id, individual_id }));
    const json = { a, b, decision: "different" };
    expect((await callBackend(`${customer.path}/employee-matches`, { method: "PUT", json })).status).toBe(200);
    const split = await awaitRoster(customer);
    expect(split).toMatchObject({ employee_count: first.length + 1, changes: { split: 1 } });
    // Of a connection that is nobody's, nothing is decided.
    const foreign = { ...json, b: { ...b, connection_id: crypto.randomUUID() } };
    const refused = await callBackend(`${customer.path}/employee-matches`, { method: "PUT", json: foreign });
    expect(refused.status).toBe(404);
  });

  it("whose execution is stopped says so, and goes on with the next start", async () => {
    const customer = await createCustomer();
    const [gusto] = await employ(customer, [20, 10]);
    await controlFinch("POST", "faults", [
      { connection_id: gusto, path: "/employer/directory", kind: "delay", ms: 3_000 },
    ]);
    const started = await startRoster(customer);
    await askAws(json("states", "AWSStepFunctions.StopExecution", { executionArn: executionOf(started.roster_id) }));
    const status = async () => (await readRoster(customer, started.roster_id)).status;
    await expect.poll(status, { timeout: 60_000, interval: 300 }).toBe("stopped");
    expect(await startRoster(customer)).toMatchObject({ roster_id: started.roster_id, status: "running" });
    expect(await awaitRoster(customer, started, 240_000)).toMatchObject({ incomplete: false, individual_count: 30 });
  });

  it("goes with its customer: no page and no item of it is left", async () => {
    const customer = await createCustomer();
    await employ(customer, [10, 10]);
    await awaitRoster(customer);
    const pages = openPages();
    const left = async () => [
      ...(await pages.list(`pages/${customer.id}/`)),
      ...(await pages.list(`rosters/${customer.id}/`)),
      ...(await itemsAbout(customer.id)).map(({ pk }) => String(pk)).filter((pk) => pk.startsWith("ROSTERS#")),
    ];
    expect((await left()).length).toBeGreaterThan(10);
    const asked = await callBackend(customer.path, { method: "DELETE" });
    expect((await callBackend(`${customer.path}/employee-rosters`, { method: "POST" })).status).toBe(409);
    await awaitDeletion(asked.json<{ deletion_id: string }>().deletion_id, 120);
    expect(await left()).toEqual([]);
  });
});
