/** What no route takes is answered in one way, which tells nothing of what there is. */
import { expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { sendRaw } from "../support/raw-request.ts";
import { getApiToken } from "../support/stack.ts";

it("answers paths and methods that nobody knows with one 404, with a token or without", async () => {
  const authorization = `Bearer ${await getApiToken()}`;
  const customer = "acme";
  const bodies = new Set<string>();
  for (const [method, path] of [
    ["GET", "/"],
    ["GET", "/v1"],
    ["GET", "/v2/customers/x"],
    ["GET", "/v1/customer"],
    ["POST", "/v1/customers"],
    ["GET", `/v1/customers/${customer}/`],
    ["GET", `/v1/customers/${customer}/connections/x/y`],
    ["PATCH", `/v1/customers/${customer}`],
    ["POST", "/connect/callback"],
    ["GET", "/connect"],
    ["GET", "/.env"],
    ["GET", "/v1/customers/..%2f..%2fhealth"],
  ] as const) {
    for (const headers of [{ authorization }, {}]) {
      const answer = await sendRaw(path, { method, headers: { ...headers } });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      const { request_id: _, ...problem } = answer.json<schema.Problem>();
      bodies.add(JSON.stringify(problem));
    }
  }
  expect(bodies.size).toBe(1);
});
