/** What `npm run revoke-all` does with an API in memory. `test/journey/revoke-all.test.ts` does it with a deployed one. */
import { describe, expect, it } from "vitest";
import type { FoundConnection } from "../../local/revoke/find-connections.ts";
import type { RevokeOptions } from "../../local/revoke/options.ts";
import type { PatientApi } from "../../local/revoke/patient-api.ts";
import { revokeAll } from "../../local/revoke/run.ts";
import { describeEnd, type Summary } from "../../local/revoke/summary.ts";
import type { Steps } from "../../local/stack/steps.ts";

const credentials = {
  apiUrl: "https://perch.example.com",
  tokenUrl: "https://id.example.com/token",
  clientId: "client",
  clientSecret: "not-a-real-secret",
  scopes: "perch/customers:read",
};
const { signal } = new AbortController();

interface World {
  readonly connections: FoundConnection[];
  readonly api: PatientApi;
  readonly asked: string[];
}

/** A deployment in memory: pages of two, and Finch confirms an end when its connection has been listed as disconnecting twice. */
const createWorld = (customers: Readonly<Record<string, readonly string[]>>): World => {
  const connections = Object.entries(customers).flatMap(([customer_id, providers]) =>
    providers.map((provider_id, at) => ({
      ...{ customer_id, provider_id, connection_id: `${customer_id}-${at}`, status: "connected" },
    })),
  );
  const [asked, seen] = [[] as string[], new Map<string, number>()];
  const page = <Item>(items: readonly Item[], url: URL, name: string) => {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const next = from + 2 < items.length ? `${from + 2}` : null;
    return { status: 200, text: JSON.stringify({ [name]: items.slice(from, from + 2), next_cursor: next }) };
  };
  const api: PatientApi = {
    async call(method, path) {
      asked.push(`${method} ${path}`);
      const url = new URL(path, "http://perch");
      const [, , , customerId, , connectionId] = url.pathname.split("/");
      if (customerId === undefined)
        return page(
          Object.keys(customers).map((id) => ({ customer_id: id })),
          url,
          "customers",
        );
      if (!Object.hasOwn(customers, customerId)) return { status: 404, text: "{}" };
      const own = connections.filter((each) => each.customer_id === customerId);
      if (method === "DELETE") {
        const at = connections.findIndex((each) => each.connection_id === connectionId);
        const found = connections[at];
        if (found === undefined) return { status: 404, text: "{}" };
        connections[at] = { ...found, status: "disconnecting" };
        return { status: 202, text: "{}" };
      }
      const { provider_id: provider, status } = Object.fromEntries(url.searchParams);
      const listed = own.filter(
        (each) => (!provider || each.provider_id === provider) && (!status || each.status === status),
      );
      if (status === "disconnecting") {
        for (const { connection_id: id } of listed) {
          const times = (seen.get(id) ?? 0) + 1;
          seen.set(id, times);
          if (times === 1)
            connections.splice(
              connections.findIndex((each) => each.connection_id === id),
              1,
            );
        }
      }
      return page(listed, url, "connections");
    },
  };
  return { connections, api, asked };
};

const quietly: Steps = { say: () => {}, step: (_, run) => run(() => {}) };

const run = async (
  { api }: Pick<World, "api">,
  options: Partial<RevokeOptions>,
  confirm: (count: number) => Promise<boolean> = () => Promise.reject(new Error("nobody is to be asked")),
): Promise<Summary> => {
  const given = { scope: {}, credentials, dryRun: false, yes: false, wait: false, ...options };
  const summary = await revokeAll(given, { api, steps: quietly, signal, confirm });
  if (summary === "not confirmed") throw new Error(summary);
  return summary;
};

const someCustomers = { acme: ["gusto", "gusto", "rippling"], initech: ["gusto"], none: [], umbrella: ["rippling"] };

const inUse = ({ connections }: World): string[] =>
  connections.filter(({ status }) => status !== "disconnecting").map(({ connection_id: id }) => id);

describe("revoke-all", () => {
  it("takes every connection of the deployment out of use, through all pages", async () => {
    const world = createWorld(someCustomers);
    expect(await run(world, { yes: true })).toMatchObject({
      ...{ found: 5, customers: 3, revoked: 5, failed: [], gone: 0, already_disconnecting: 0, confirmed: null },
      by_provider: { gusto: 3, rippling: 2 },
    });
    expect(inUse(world)).toEqual([]);
  });

  it.each([
    [{ customerId: "acme" }, ["initech-0", "umbrella-0"]],
    [{ providerId: "gusto" }, ["acme-2", "umbrella-0"]],
    [{ customerId: "acme", providerId: "gusto" }, ["acme-2", "initech-0", "umbrella-0"]],
  ])("leaves alone what %j does not name", async (scope, left) => {
    const world = createWorld(someCustomers);
    await run(world, { scope, yes: true });
    expect(inUse(world)).toEqual(left);
  });

  it("changes nothing in a dry run, and asks nobody", async () => {
    const world = createWorld(someCustomers);
    expect(await run(world, { dryRun: true, yes: true })).toMatchObject({ found: 5, revoked: 0, dry_run: true });
    expect(world.asked.filter((each) => !each.startsWith("GET "))).toEqual([]);
  });

  it("asks with the number that is meant, and does nothing without a yes", async () => {
    const world = createWorld(someCustomers);
    const counts: number[] = [];
    const no = async (count: number) => {
      counts.push(count);
      return false;
    };
    await expect(run(world, { scope: { providerId: "gusto" } }, no)).rejects.toThrow("not confirmed");
    expect([counts, inUse(world).length]).toEqual([[3], 5]);
    expect(await run(world, { scope: { providerId: "gusto" } }, async () => true)).toMatchObject({ revoked: 3 });
  });

  it("goes on where an interrupted run has ended: what is asked for is not asked for again", async () => {
    const world = createWorld(someCustomers);
    await run(world, { scope: { customerId: "acme" }, yes: true });
    const before = world.asked.length;
    expect(await run(world, { yes: true })).toMatchObject({ found: 5, already_disconnecting: 3, revoked: 2 });
    expect(world.asked.slice(before).filter((each) => each.startsWith("DELETE"))).toHaveLength(2);
    expect(await run(world, {})).toMatchObject({ already_disconnecting: 5, revoked: 0, failed: [] });
  });

  it("names what stays in use, and does the others", async () => {
    const world = createWorld(someCustomers);
    const stubborn: PatientApi = {
      call: async (method, path) =>
        method === "DELETE" && path.includes("acme-1") ? { status: 500, text: "" } : world.api.call(method, path),
    };
    const summary = await run({ api: stubborn }, { yes: true, wait: true });
    const failed = [{ customer_id: "acme", connection_id: "acme-1", answer: 500 }];
    expect(summary).toMatchObject({ revoked: 4, failed, confirmed: false });
    expect(inUse(world)).toEqual(["acme-1"]);
    expect(describeEnd(summary)).toMatch(/1 failed[\s\S]*acme acme-1 answered 500\n.*Run it again/);
  });

  it("counts what has ended since it was listed", async () => {
    const world = createWorld(someCustomers);
    const vanish = async () => {
      world.connections.splice(0, 1);
      return true;
    };
    expect(await run(world, {}, vanish)).toMatchObject({ found: 5, revoked: 4, gone: 1, failed: [] });
  });

  it("ends held connections at Finch, too, since their tokens work there", async () => {
    const world = createWorld({ acme: ["gusto"] });
    await run(world, { yes: true });
    expect(world.asked.at(-1)).toBe("DELETE /v1/customers/acme/connections/acme-0?disconnect=true");
  });

  it("waits until the API has none of them any more", async () => {
    const world = createWorld(someCustomers);
    expect(await run(world, { yes: true, wait: true })).toMatchObject({ revoked: 5, confirmed: true });
    expect(world.connections).toEqual([]);
  });

  it("refuses a customer that is not there, and passes over one that went since the list", async () => {
    const world = createWorld(someCustomers);
    await expect(run(world, { scope: { customerId: "nobody" }, yes: true })).rejects.toThrow("no customer nobody");
    const vanished: PatientApi = {
      call: async (method, path) =>
        path.includes("/initech/") ? { status: 404, text: "" } : world.api.call(method, path),
    };
    expect(await run({ api: vanished }, { yes: true })).toMatchObject({ found: 4, revoked: 4 });
  });
});
