/** A roster that needs more than Finch allows in a minute, in simulated time: what it sends, and that it is whole. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import type { PageContext } from "#shared/roster/ports.ts";
import { createApiRoutes } from "../../../local/finch/api.ts";
import { createConnectionControls } from "../../../local/finch/control-connections.ts";
import { createEmployerControls } from "../../../local/finch/control-employers.ts";
import { type ErrorKind, errorReply } from "../../../local/finch/errors.ts";
import { type Call, findRoute, type Reply } from "../../../local/finch/http.ts";
import { createLimits } from "../../../local/finch/limits.ts";
import { emptyState, type Simulation } from "../../../local/finch/model.ts";
import { noon } from "../../support/builders.ts";
import { createPacedRoster, type PacedConnection } from "../../support/paced-roster.ts";

const products = ["directory", "individual", "employment", "ssn"];
const application = { clientId: "the application", clientSecret: "none", redirectUris: [], clientType: "sandbox" };

/** The simulated Finch without its port: routes that are called. Its limits are counted by who calls. */
const openFinch = (counts: readonly number[]) => {
  const simulation: Simulation = {
    ...{ state: emptyState(), now: () => noon, randomId: randomUUID, publicUrl: () => "" },
    ...{ applications: [{ ...application, clientType: "sandbox" }], emit: () => {}, save: () => {} },
  };
  const routes = {
    ...createApiRoutes(simulation),
    ...createConnectionControls(simulation),
    ...createEmployerControls(
      simulation,
      createLimits(() => 0),
    ),
  };
  const call = (about: Pick<Call, "method" | "path"> & Partial<Call>): Reply => {
    const whole = { query: new URLSearchParams(), authorization: undefined, origin: undefined, address: "", ...about };
    const route = findRoute(routes, whole);
    return route?.({ body: "", ...whole }) ?? errorReply("not_found_error");
  };
  const control = <Said>(path: string, body: object): Said =>
    JSON.parse(call({ method: "POST", path: `/_control/${path}`, body: JSON.stringify(body) }).body) as Said;
  const connections = counts.map((people, at): PacedConnection => {
    const login = { provider: "gusto", company: `Bakery ${at}`, products };
    const minted = control<{ access_token: string; connection_id: string }>("tokens", login);
    control(`employers/${minted.connection_id}`, { people, seed: `bakery ${at}` });
    const [entity] = simulation.state.connections.get(minted.connection_id)?.entities ?? [];
    return {
      connectionId: minted.connection_id as ConnectionId,
      entityId: entity?.id ?? "",
      accessToken: minted.access_token,
    };
  });
  return { call, connections };
};

const openPages = () => {
  const objects = new Map<string, string>();
  const placeOf = ({ customerId, rosterId }: PageContext, name: string) => `${customerId} ${rosterId} ${name}`;
  return {
    put: async (context: PageContext, name: string, value: unknown) =>
      void objects.set(placeOf(context, name), JSON.stringify(value)),
    get: async (context: PageContext, name: string): Promise<unknown> => {
      const text = objects.get(placeOf(context, name));
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
};

interface Asked {
  readonly path: string;
  readonly atMs: number;
  readonly kind: ErrorKind | undefined;
}

/** Three employers' roster by pages of 5; `trouble` says what Finch answers instead to which of a path's requests. */
const read = async (
  seed: number,
  trouble: (path: string, number: number) => ErrorKind | undefined = () => undefined,
) => {
  const counts = [250, 250, 100];
  const { call, connections } = openFinch(counts);
  const asked: Asked[] = [];
  const answer = (about: Call, atMs: number): Reply => {
    const number = asked.filter(({ path }) => path === about.path).length;
    const kind = trouble(about.path, number);
    asked.push({ path: about.path, atMs, kind });
    return kind === undefined ? call(about) : errorReply(kind);
  };
  const { finch, run } = await createPacedRoster({ connections, answer, pageSize: 5, pages: openPages(), seed });
  const outcome = await run();
  const roster = await outcome.reconcile();
  const all = counts.reduce((sum, each) => sum + each, 0);
  return { ...outcome, roster, all, pages: all / 5, asked, counters: finch.counters() };
};

describe("a roster on Finch's limits", () => {
  it.each([1, 2, 3])("waits for its turn, exceeds none, and is whole (seed %i)", async (seed) => {
    const { roster, all, pages, counters, readMinutes, reads } = await read(seed);
    expect(reads.map(({ state }) => state)).toEqual(["complete", "complete", "complete"]);
    expect(roster?.outcome).toMatchObject({ incomplete: false, individuals: all });
    expect(counters).toMatchObject({ beyond: {}, blocks: 0 });
    expect(counters.requests).toEqual({ directory: pages, individual: pages, employment: pages });
    // It had what the limits give, and used nine tenths of it.
    expect(readMinutes).toBeGreaterThan(pages / 20 - 1);
    expect(readMinutes).toBeLessThan(pages / 18 + 1);
  });

  it("sends nothing of a product for a minute where Finch refuses all the same, and is whole", async () => {
    const refused = (path: string, number: number) =>
      path === "/employer/individual" && number === 30 ? ("rate_limit" as const) : undefined;
    const { roster, all, asked, counters } = await read(4, refused);
    expect(roster?.outcome).toMatchObject({ incomplete: false, individuals: all });
    const individuals = asked.filter(({ path }) => path === "/employer/individual");
    const at = individuals.findIndex(({ kind }) => kind === "rate_limit");
    const [before, next] = [individuals[at]?.atMs ?? 0, individuals[at + 1]?.atMs ?? 0];
    expect(next - before).toBeGreaterThan(60_000);
    expect(counters).toMatchObject({ beyond: {}, blocks: 0 });
  });

  it("waits for a provider that limits requests, and reads the others meanwhile", async () => {
    const refused = (path: string, number: number) =>
      path === "/employer/employment" && number === 30 ? ("upstream_rate_limit_exceeded" as const) : undefined;
    const { roster, all, asked, counters } = await read(5, refused);
    expect(roster?.outcome).toMatchObject({ incomplete: false, individuals: all });
    const employments = asked.filter(({ path }) => path === "/employer/employment");
    const at = employments.findIndex(({ kind }) => kind !== undefined);
    const [before, next] = [employments[at]?.atMs ?? 0, employments[at + 1]?.atMs ?? 0];
    expect(next - before).toBeLessThan(15_000);
    expect(counters).toMatchObject({ beyond: {}, blocks: 0 });
  });
});
