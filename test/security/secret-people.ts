import { expect } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "../support/api.ts";
import { pathOf } from "../support/connections.ts";
import { expectReferencesOnly, readExecutions } from "../support/executions.ts";
import { controlFinch } from "../support/finch.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { awaitRoster, listEmployees } from "../support/rosters.ts";
import type { Harvest } from "./secret-journeys.ts";

const products = ["company", "directory", "individual", "employment", "ssn"] as const;

interface Told {
  readonly responses: readonly {
    readonly body: { readonly ssn?: string | null; readonly emails?: readonly { readonly data: string }[] | null };
  }[];
}

/** Rosters of people, whose SSNs and addresses are noted as Finch tells them; some of them Finch does not tell. */
export const employAround = async (harvest: Harvest): Promise<TestCustomer> => {
  const customer = await createCustomer();
  const { connectionId } = await connect(customer, { company: customer.name, input: { products } });
  const other = await connect(customer, { provider: "bamboo_hr", input: { products } });
  await controlFinch("POST", `employers/${connectionId}`, { people: 12, seed: customer.id });
  await controlFinch("POST", `employers/${other.connectionId}`, {
    ...{ people: 12, overlap: { seed: customer.id, share: 0.5 }, item_errors: { individual_not_found: 0.2 } },
  });
  const { roster_id: rosterId } = await awaitRoster(customer);
  harvest.executions.push(...(await readExecutions(rosterId)));
  const connectionIds = [connectionId, other.connectionId];
  expectReferencesOnly(harvest.executions, { customerId: customer.id, rosterId, connectionIds });
  const finch = `${pathOf(customer, connectionId)}/finch/employer`;
  const directory = await callBackend(`${finch}/directory`);
  const { individuals } = directory.json<{ individuals: readonly { readonly id: string }[] }>();
  const requests = individuals.map(({ id }) => ({ individual_id: id }));
  const told = await callBackend(`${finch}/individual`, { json: { requests, options: { include: ["ssn"] } } });
  const people = told.json<Told>().responses;
  expect(people).toHaveLength(12);
  const ssns = people.flatMap(({ body }) => body.ssn ?? []);
  const addresses = people.flatMap(({ body }) => body.emails?.map(({ data }) => data) ?? []);
  expect(ssns.length).toBeGreaterThan(3);
  expect(addresses.length).toBeGreaterThan(3);
  ssns.forEach((ssn, at) => {
    harvest.people[`person ${at}: SSN`] = ssn;
    harvest.people[`person ${at}: SSN's digits`] = ssn.replaceAll("-", "");
  });
  individuals.forEach(({ id }, at) => {
    harvest.people[`person ${at}: individual id`] = id;
  });
  addresses.forEach((address, at) => {
    harvest.people[`person ${at}: address`] = address;
  });
  // Employees are shown to who may read them, and none with an SSN.
  const employees = await listEmployees(customer);
  const explained = await Promise.all(
    employees.map(({ employee_id }) => callBackend(`${customer.path}/employees/${employee_id}`)),
  );
  const shown = [JSON.stringify(employees), ...explained.map(({ text }) => text)].join("\n");
  expect(shown).toContain(addresses[0]);
  for (const ssn of ssns) expect(shown.replaceAll("-", "")).not.toContain(ssn.replaceAll("-", ""));
  expect(explained.map(({ json }) => json<schema.EmployeeExplained>().why.length)).toContain(1);
  return customer;
};
