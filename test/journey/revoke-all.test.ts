/** On suspicion of a theft: `npm run revoke-all` with a deployed stack, as an operator runs it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../local/revoke/summary.ts";
import { root } from "../../local/stack/places.ts";
import { expectAgreement } from "../support/agreement.ts";
import { listConnections } from "../support/connections.ts";
import { finchConnectionsOf } from "../support/finch.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { readStack } from "../support/stack.ts";

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const revokeAll = (...args: readonly string[]): Promise<Ended> => {
  const { apiUrl, tokenUrl, clientId, clientSecret } = readStack();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "local/run.mjs"), "revoke-all", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...{ PERCH_API_URL: apiUrl, PERCH_TOKEN_URL: tokenUrl },
        ...{ PERCH_CLIENT_ID: clientId, PERCH_CLIENT_SECRET: clientSecret },
      },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part) => {
      out += part;
    });
    child.stderr.on("data", (part) => {
      err += part;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
};

const summaryOf = ({ out }: Ended): Summary => JSON.parse(out);

const statusesOf = async (customer: TestCustomer): Promise<string[]> =>
  (await listConnections(customer)).map(({ provider_id, status }) => `${provider_id} ${status}`).toSorted();

describe("npm run revoke-all", () => {
  it("counts, refuses without a yes, takes a provider's and then all of a customer's out of use, and waits for Finch", async () => {
    const [customer, neighbour] = [await createCustomer(), await createCustomer()];
    const [first, second, other] = [
      await connect(customer),
      await connect(customer, { company: `${crypto.randomUUID()} Ltd.` }),
      await connect(customer, { provider: "bamboo_hr" }),
    ];
    const kept = await connect(neighbour);
    const ofCustomer = ["--customer", customer.id] as const;
    const inUse = ["bamboo_hr connected", "gusto connected", "gusto connected"];

    const counted = await revokeAll(...ofCustomer, "--dry-run", "--json");
    expect([counted.code, summaryOf(counted)]).toMatchObject([0, { found: 3, customers: 1, revoked: 0 }]);
    const unsaid = await revokeAll(...ofCustomer);
    expect([unsaid.code, unsaid.err]).toEqual([2, expect.stringMatching(/3 connections[\s\S]*--yes/)]);
    expect(await statusesOf(customer)).toEqual(inUse);

    const some = await revokeAll(...ofCustomer, "--provider", "gusto", "--yes", "--wait", "--json");
    expect([some.code, summaryOf(some)], some.err).toMatchObject([0, { revoked: 2, failed: [], confirmed: true }]);
    expect(await statusesOf(customer)).toEqual(["bamboo_hr connected"]);

    const rest = await revokeAll(...ofCustomer, "--yes", "--wait");
    expect([rest.code, rest.out]).toEqual([0, expect.stringContaining("Finch has confirmed every end.")]);
    expect(await statusesOf(customer)).toEqual([]);
    const again = await revokeAll(...ofCustomer, "--yes", "--json");
    expect([again.code, summaryOf(again)]).toMatchObject([0, { found: 0, revoked: 0 }]);

    expect(await statusesOf(neighbour)).toEqual(["gusto connected"]);
    const ended = [first, second, other].map(({ connectionId }) => connectionId);
    expect(await finchConnectionsOf(neighbour.id)).toHaveLength(1);
    expect(kept.status).toBe("connected");
    await expectAgreement({ customers: [customer, neighbour], disconnected: ended });
  });

  it("goes through all customers, and changes nothing in a dry run", async () => {
    const customer = await createCustomer();
    await connect(customer);
    const counted = await revokeAll("--all", "--dry-run", "--json");
    expect([counted.code, summaryOf(counted).revoked], counted.err).toEqual([0, 0]);
    expect(summaryOf(counted).found).toBeGreaterThan(0);
    expect(await statusesOf(customer)).toEqual(["gusto connected"]);
  });

  it("ends with 2 on an argument that it does not know, and with 1 for a customer that is not there", async () => {
    expect((await revokeAll()).code).toBe(2);
    expect((await revokeAll("--customer", "nobody", "--yes")).code).toBe(1);
  });
});
