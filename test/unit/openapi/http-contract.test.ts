import { expect, it } from "vitest";
import { nameOperation } from "../../support/http-contract.ts";

const forward = "/v1/customers/cus_1/connections/con_1/finch";

it.each([
  ["GET", `${forward}/employer/company`, "GET /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}"],
  ["POST", `${forward}/employer/pay`, "POST /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}"],
  // The function that forwards refuses the method itself, in the words of those that are described.
  ["PUT", `${forward}/employer/pay`, "GET /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}"],
  ["GET", "/v1/customers/cus_1/connections/con_1", "GET /v1/customers/{customer_id}/connections/{connection_id}"],
  ["PUT", "/v1/customers/cus_1/connections/con_1", undefined],
  ["GET", "/nowhere", undefined],
])("a request is of the operation with its method and path: %s %s", (method, path, name) => {
  expect(nameOperation(method, path)).toBe(name);
});
