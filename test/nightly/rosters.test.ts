/** A large roster with faults of every kind on the way, and its execution stopped in the middle: it is the one without them. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { readLogs, readStream } from "../support/aws.ts";
import { listen } from "../support/events.ts";
import { recordFigure } from "../support/evidence.ts";
import { executionOf, expectReferencesOnly, readExecutions } from "../support/executions.ts";
import { controlFinch, readFinch } from "../support/finch.ts";
import type { FinchFault } from "../support/finch-faults.ts";
import { findSsns, readEmployed } from "../support/finch-people.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { askAws, json } from "../support/least-privilege/call-aws.ts";
import { startOwnStack } from "../support/own-stack.ts";
import { awaitRoster, listEmployees, startRoster } from "../support/rosters.ts";
import { readTable } from "../support/table.ts";

const products = ["company", "directory", "individual", "employment", "ssn"] as const;
const people = { gusto: 2_000, bamboo_hr: 2_000, rippling: 1_000 } as const;
const all = Object.values(people).reduce((sum, each) => sum + each, 0);
const patienceMs = 900_000;
const unchanged = { joined: 0, left: 0, moved: 0, merged: 0, split: 0 };

const own = await startOwnStack("kms");
afterAll(own.remove, 60_000);

/** What comes of a read: each of these once, at each of a connection's three. */
const troubles: readonly FinchFault[] = [
  { kind: "data_sync_in_progress" },
  { kind: "server_error" },
  { kind: "bad_gateway" },
  { kind: "client_connection_closed" },
  // Finch's own limit, and the provider's.
  { kind: "rate_limit" },
  { kind: "upstream_rate_limit_exceeded" },
  { kind: "answer_lost" },
  { kind: "unreadable" },
  { kind: "reset_before" },
  { kind: "delay", ms: 3_000 },
  // A directory that tells of nobody and counts all; a batch that answers for nobody it was asked for.
  { kind: "override", body: { individuals: [], responses: [] } },
];
const placesOf = (employees: readonly schema.Employee[]) =>
  employees.map(({ employee_id, sources }) => `${employee_id} ${sources.map((each) => each.individual_id).join(" ")}`);
/** Who is one employee, by whatever id. */
const together = (places: readonly string[]) => places.map((place) => place.slice(place.indexOf(" "))).toSorted();
/** Of 5,000 people, of whom a connection's 1,500 are missing. */
const mostSplit = 5;

describe("a roster of 5,000 people at three employers", () => {
  const bus = listen();
  const ids: string[] = [];
  let customer: TestCustomer;
  let since: Date;
  let first: schema.Roster;
  let before: readonly string[];

  beforeAll(async () => {
    since = new Date(Date.now() - 1_000);
    customer = await createCustomer();
    for (const [provider, count] of Object.entries(people)) {
      const { connectionId } = await connect(customer, { provider, company: customer.name, input: { products } });
      const overlap = { seed: "gusto", share: 0.3 };
      const known = provider === "gusto" ? { seed: "gusto" } : { overlap };
      await controlFinch("POST", `employers/${connectionId}`, { people: count, ...known });
      ids.push(connectionId);
    }
    first = await awaitRoster(customer, await startRoster(customer), patienceMs);
    expect(first).toMatchObject({ incomplete: false, individual_count: all });
    before = placesOf(await listEmployees(customer, "limit=100"));
  }, patienceMs);

  it("is the same with faults of every kind and a restart as without, and nobody is known where they have no place", {
    timeout: 2 * patienceMs,
  }, async () => {
    const faults = ids.flatMap((connection_id) =>
      ["directory", "individual", "employment"].flatMap((product) =>
        troubles.map((trouble) => ({ connection_id, path: `/employer/${product}`, skip: 2, ...trouble })),
      ),
    );
    // Finch may take its time, and say nothing in the end.
    const mute = { connection_id: ids.at(-1), path: "/employer/individual", kind: "timeout" };
    await controlFinch("POST", "faults", [...faults, mute]);
    const started = await startRoster(customer);
    const progressed = async () => {
      const read = (await readTable()).filter(({ sk }) => String(sk).startsWith(`READ#${started.roster_id}#`));
      expect(read.flatMap(({ entities }) => entities as { people: number }[]).some((each) => each.people > 200)).toBe(
        true,
      );
    };
    await vi.waitFor(progressed, { timeout: patienceMs, interval: 1_000 });
    const executionArn = executionOf(started.roster_id);
    await askAws(json("states", "AWSStepFunctions.StopExecution", { executionArn }));
    // The next call sees to it that it goes on.
    expect((await startRoster(customer)).roster_id).toBe(started.roster_id);
    const again = await awaitRoster(customer, started, patienceMs);
    expect(again).toMatchObject({ incomplete: false, individual_count: all, changes: unchanged });
    const after = await listEmployees(customer, "limit=100");
    expect(placesOf(after)).toEqual(before);
    // Each of them was met.
    expect((await readFinch()).faults).toEqual([]);
    const claim = "A roster of 5,000 people is the same with faults of every kind and a restart as without";
    recordFigure("faults that Finch's answers had", faults.length + 1, "faults", claim);

    const executions = [
      ...(await readExecutions(first.roster_id)),
      ...(await readExecutions(again.roster_id)),
      ...(await readExecutions(again.roster_id, 2)),
    ];
    const known = { customerId: customer.id, connectionIds: ids };
    const sizes = [first, again].map(({ roster_id: rosterId }) =>
      expectReferencesOnly(
        executions.filter(({ described: { input } }) => input.includes(rosterId)),
        { ...known, rosterId },
      ),
    );
    const what = "Step Functions is given references only, whose size does not depend on people";
    recordFigure("the largest event of a roster's executions", Math.max(...sizes), "bytes", what);

    await bus.of(customer.id, 1);
    const places = {
      "the functions' logs": await readLogs(since),
      "the table": await readTable(),
      "the table's past": await readStream(),
      events: bus.all(),
      "the history of executions": executions,
    };
    const employed = await readEmployed(ids);
    expect(new Set(employed.map(({ individualId }) => individualId)).size).toBe(all);
    const addresses = after.flatMap(({ emails }) => emails.flatMap(({ data }) => data ?? []));
    expect(addresses.length).toBeGreaterThan(all / 4);
    for (const [place, kept] of Object.entries(places)) {
      const text = JSON.stringify(kept);
      // They were searched.
      expect(text.includes(customer.id), place).toBe(true);
      expect(findSsns(text, employed), place).toEqual([]);
      expect(
        addresses.filter((address) => text.includes(address)),
        place,
      ).toEqual([]);
      expect(
        employed.filter(({ individualId }) => text.includes(individualId)),
        place,
      ).toEqual([]);
    }
  });

  it("has the people of the others where one connection is refused in the middle; the next one has all again", {
    timeout: 2 * patienceMs,
  }, async () => {
    const [, refused] = ids;
    const fault = { connection_id: refused, path: "/employer/individual", kind: "reauthenticate_user", skip: 20 };
    await controlFinch("POST", "faults", fault);
    const partial = await awaitRoster(customer, undefined, patienceMs);
    // Twenty pages of 25 were read before.
    expect(partial).toMatchObject({ incomplete: true, individual_count: all - people.bamboo_hr + 500 });
    // Who was one employee by a record that is not there now may be two until it is.
    const { split = 0 } = partial.changes ?? {};
    expect(partial.changes).toEqual({ ...unchanged, split });
    expect(split).toBeLessThanOrEqual(mostSplit);
    const states = Object.fromEntries(partial.connections.map((each) => [each.connection_id, each.status]));
    expect(states).toEqual({ ...Object.fromEntries(ids.map((id) => [id, "complete"])), [String(refused)]: "failed" });
    const idsBefore = new Set(before.map((place) => place.split(" ")[0]));
    const listed = await listEmployees(customer, "limit=100");
    expect(listed.filter(({ employee_id: id }) => !idsBefore.has(id)).length).toBeLessThanOrEqual(split);
    expect(listed.length).toBeLessThan(before.length);

    // Perch has looked at the connection meanwhile, and Finch had nothing against it.
    const whole = await awaitRoster(customer, undefined, patienceMs);
    expect(whole).toMatchObject({ incomplete: false, individual_count: all });
    expect(whole.changes).toEqual({ ...unchanged, merged: split });
    expect(together(placesOf(await listEmployees(customer, "limit=100")))).toEqual(together(before));
  });

  it("has those whom Finch does not tell of by the directory's names, and lists them; the next one has all again", {
    timeout: 2 * patienceMs,
  }, async () => {
    const some = String(ids.at(-1));
    // The first will not be told, the second not just now.
    const item_errors = { individual_not_found: 0.01, server_error: 0.005 };
    await controlFinch("POST", `employers/${some}`, { item_errors });
    const partial = await awaitRoster(customer, undefined, patienceMs);
    expect(partial).toMatchObject({ incomplete: true, individual_count: all });
    const [part = expect.fail(), ...others] = partial.connections.toSorted((a) => (a.connection_id === some ? -1 : 1));
    expect([part.status, ...others.map(({ status }) => status)]).toEqual(["incomplete", "complete", "complete"]);
    const untold = new Set(part.errors.map(({ individual_id: id }) => id));
    // 1.5 % of 1,000, as individuals and as employees.
    expect(Math.abs(untold.size - 15)).toBeLessThanOrEqual(2);
    expect([part.error_count, part.errors.length]).toEqual([2 * untold.size, 2 * untold.size]);
    expect(new Set(part.errors.map(({ error }) => error))).toEqual(new Set(Object.keys(item_errors)));
    const listed = await listEmployees(customer, "limit=100");
    const known = listed.flatMap(({ sources }) => sources.map(({ individual_id: id }) => id));
    expect([...untold].filter((id) => !known.includes(id))).toEqual([]);

    await controlFinch("POST", `employers/${some}`, { item_errors: {} });
    const whole = await awaitRoster(customer, undefined, patienceMs);
    expect(whole).toMatchObject({ incomplete: false, individual_count: all });
    // Who was two employees meanwhile is one again, by either id.
    expect(together(placesOf(await listEmployees(customer, "limit=100")))).toEqual(together(before));
  });
});
