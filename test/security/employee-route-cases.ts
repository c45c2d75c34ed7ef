/** Which refusals the routes have by which employees are read. */
import {
  customerPath,
  malformedBody,
  malformedCustomer,
  malformedPage,
  malformedSession,
  namesNothing,
  query,
  type RouteCase,
  type Things,
  unknownQuery,
  unwantedBody,
} from "./route-case.ts";

const rostersPath = (things: Things) => `${customerPath(things)}/employee-rosters`;
const rosterPath = (things: Things) => `${rostersPath(things)}/00000000-0000-7000-8000-000000000000`;
const employeesPath = (things: Things) => `${customerPath(things)}/employees`;
const employeePath = (things: Things) => `${employeesPath(things)}/emp_000000000000000000000000`;
const matchesPath = (things: Things) => `${customerPath(things)}/employee-matches`;

const anIndividual = { connection_id: "00000000-0000-4000-8000-00000000c000", individual_id: "one" };
const another = { ...anIndividual, individual_id: "other" };
const aMatch = (fields: object) => ({ a: anIndividual, b: another, decision: "same", ...fields });

/** By method and path. */
export const employeeRouteCases: Readonly<Record<string, RouteCase>> = {
  "POST /v1/customers/{customer_id}/employee-rosters": {
    path: rostersPath,
    scope: "employees:write",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [...malformedCustomer(() => "/employee-rosters"), ...unwantedBody, unknownQuery(rostersPath)],
  },
  "GET /v1/customers/{customer_id}/employee-rosters/{roster_id}": {
    path: rosterPath,
    scope: "employees:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer((things) => rosterPath(things).slice(customerPath(things).length)),
      ...malformedSession((things) => `${rostersPath(things)}/`).map(({ what, ...each }) => ({
        ...{ ...each, what: what.replace("session", "roster"), field: "path.roster_id" },
      })),
      ...unwantedBody,
      unknownQuery(rosterPath),
    ],
  },
  "GET /v1/customers/{customer_id}/employees": {
    path: employeesPath,
    scope: "employees:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer(() => "/employees"),
      ...unwantedBody,
      unknownQuery(employeesPath),
      ...malformedPage(employeesPath),
      query("connection_id=a.b", employeesPath),
      query("name=", employeesPath),
      query(`name=${"x".repeat(201)}`, employeesPath),
      query("email=", employeesPath),
      query(`email=${"x".repeat(255)}`, employeesPath),
    ],
  },
  "GET /v1/customers/{customer_id}/employees/{employee_id}": {
    path: employeePath,
    scope: "employees:read",
    unknownCustomer: true,
    things: namesNothing,
    malformed: [
      ...malformedCustomer((things) => employeePath(things).slice(customerPath(things).length)),
      ...["a.b", "%00", "%ff", "a%20b", "x".repeat(65)].map((id) => ({
        what: `employee_id ${id.slice(0, 20)}`,
        path: (things: Things) => `${employeesPath(things)}/${id}`,
        field: "path.employee_id",
      })),
      ...unwantedBody,
      unknownQuery(employeePath),
    ],
  },
  "PUT /v1/customers/{customer_id}/employee-matches": {
    path: matchesPath,
    json: aMatch({}),
    scope: "employees:write",
    unknownCustomer: true,
    things: { because: "it names connections in its body, of which its own test tells" },
    malformed: [
      ...malformedCustomer(() => "/employee-matches"),
      ...malformedBody,
      unknownQuery(matchesPath),
      { what: "no decision", json: { a: anIndividual, b: another }, field: "body.decision" },
      { what: "an unknown decision", json: aMatch({ decision: "maybe" }), field: "body.decision" },
      { what: "one individual only", json: { a: anIndividual, decision: "same" }, field: "body.b" },
      { what: "an individual twice", json: aMatch({ b: anIndividual }), field: "body.b" },
      { what: "no connection", json: aMatch({ a: { individual_id: "one" } }), field: "body.a.connection_id" },
      {
        what: "an empty individual",
        json: aMatch({ a: { ...anIndividual, individual_id: "" } }),
        field: "body.a.individual_id",
      },
      { what: "an unknown field", json: aMatch({ why: "x" }), field: "body.why" },
    ],
  },
};
