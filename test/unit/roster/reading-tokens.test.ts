/** With which token a connection's people are read, and who is asked for an SSN. */
import { describe, expect, it } from "vitest";
import { openMarker } from "#shared/roster/open-keys.ts";
import { readConnection } from "#shared/roster/read-connection.ts";
import { secret } from "#shared/secret.ts";
import { aTokenRecord, noon } from "../../support/builders.ts";
import { ann, bea, carl, createRosterSetting } from "./setting.ts";
import { createEntityStage, products } from "./stages.ts";

const entities = ["entity-1", "entity-2"].map((id) => ({ id, name: null, sourceId: null, status: "connected" }));
const tokens = [aTokenRecord({ products, entityIds: ["entity-1", "entity-2"] })];

describe("the token of a read", () => {
  it("is opened once, however many reads it is for", async () => {
    const { deps, readAll, asked } = await createEntityStage({ entities, tokens });
    let opened = 0;
    deps.vault = {
      async open() {
        opened += 1;
        return secret("a token");
      },
    };
    await readAll();
    expect([opened, asked.length]).toEqual([1, 9]);
  });

  it.each([
    ["directory", { state: "failed", reason: "product_not_granted" }, 0],
    ["individual", { state: "complete", missing: { individual: "not_granted" } }, 4],
    ["employment", { state: "complete", missing: { employment: "not_granted" } }, 4],
  ])("may not open %s", async (lacking, expected, requests) => {
    const granted = products.filter((product) => product !== lacking);
    const { readAll, asked } = await createEntityStage({
      tokens: [aTokenRecord({ products: granted, entityIds: ["entity-1"] })],
    });
    expect((await readAll()).read.entities).toMatchObject([expected]);
    expect(asked).toHaveLength(requests);
  });

  it("is of a customer who must sign in first", async () => {
    const unhealthy = aTokenRecord({ products, entityIds: ["entity-1"], invalidSince: noon });
    const { readAll, asked, checksAsked } = await createEntityStage({ tokens: [unhealthy] });
    expect((await readAll()).read.entities).toMatchObject([{ state: "failed", reason: "reauthentication_required" }]);
    expect([asked, checksAsked]).toEqual([[], []]);
  });

  it("may need a sign-in for individuals alone, without which the entity is not whole", async () => {
    const [directory, others] = [["directory"], ["individual", "employment", "ssn"]];
    const { connection, deps, readAll } = await createEntityStage({
      tokens: [
        aTokenRecord({ products: directory, entityIds: ["entity-1"] }),
        aTokenRecord({ products: others, entityIds: ["entity-1"], status: "reauth" }),
      ],
    });
    // The setting stores one token of a connection: it stands for both.
    const { customerId, connectionId } = connection;
    const found = connection.tokens.map((token) => deps.connections.findToken(customerId, connectionId, token.tokenId));
    const stored = (await Promise.all(found)).find((each) => each !== undefined);
    deps.connections = { ...deps.connections, findToken: async () => stored };
    expect((await readAll()).read.entities).toMatchObject([{ state: "failed", reason: "reauthentication_required" }]);
  });

  it("that is superseded meanwhile is waited for: the next step finds another", async () => {
    const { acme, deps, lease, roster, connection, reads } = await createEntityStage({
      tokens: [aTokenRecord({ products })],
    });
    const request = { customerId: acme, rosterId: roster.rosterId, connectionId: connection.connectionId };
    const without = { ...deps, connections: { ...deps.connections, findToken: async () => undefined } };
    expect(await readConnection(without)(request, lease(), () => true)).toEqual({ state: "wait", wait_seconds: 30 });
    const [read] = await reads(roster);
    const waitUntil = new Date(deps.now().getTime() + 30_000);
    expect(read?.entities).toMatchObject([{ waitingFor: "finch", tries: 0, waitUntil }]);
  });
});

describe("SSNs", () => {
  it("are asked for of individuals alone, by the one token that has them, where a run has a key", async () => {
    const told = async (asksForSsn: boolean, granted: readonly string[]) => {
      const setting = await createEntityStage(
        { tokens: [aTokenRecord({ products: granted, entityIds: ["entity-1"] })] },
        { asksForSsn },
      );
      const { deps } = setting;
      const [flags, keys]: [boolean[], unknown[]] = [[], []];
      const { readIndividuals } = deps.people;
      deps.people = {
        ...deps.people,
        readIndividuals: (token, entityId, ids, withSsn) => {
          flags.push(withSsn);
          return readIndividuals(token, entityId, ids, withSsn);
        },
      };
      const { open } = deps.dataKeys;
      deps.dataKeys = {
        ...deps.dataKeys,
        open: (...all) => {
          keys.push(all);
          return open(...all);
        },
      };
      await setting.readAll();
      return [flags, keys.length];
    };
    expect(await told(true, products)).toEqual([[true, true], 1]);
    expect(await told(false, products)).toEqual([[false, false], 0]);
    const withoutSsn = products.filter((product) => product !== "ssn");
    expect(await told(true, withoutSsn)).toEqual([[false, false], 0]);
  });

  it("are no reason to open a token that has more: the directory is read with one that has it alone", async () => {
    const [own, all] = [["directory"], products].map((granted) =>
      aTokenRecord({ products: granted, entityIds: ["entity-1"] }),
    );
    const { deps, connection, readAll } = await createEntityStage({
      tokens: [own ?? expect.fail(), all ?? expect.fail()],
    });
    const { customerId, connectionId } = connection;
    const found = connection.tokens.map((token) => deps.connections.findToken(customerId, connectionId, token.tokenId));
    const stored = (await Promise.all(found)).find((each) => each !== undefined);
    const opened: unknown[] = [];
    deps.connections = {
      ...deps.connections,
      async findToken(_, __, tokenId) {
        opened.push(tokenId);
        return stored;
      },
    };
    await readAll();
    expect(opened).toEqual([own?.tokenId, all?.tokenId]);
  });

  it("have no mark without the run's key", async () => {
    const { deps, roster } = await createEntityStage({ tokens });
    const never = { dataKeys: { open: async () => expect.fail("no key is to be opened") } };
    expect(await openMarker(never, { ...roster, ssnKey: null })).toBeUndefined();
    expect(await openMarker(deps, { ...roster, ssnKey: Uint8Array.of(8) })).toBeTypeOf("function");
  });

  const marks = async (key: Uint8Array<ArrayBuffer>) => {
    const setting = await createRosterSetting();
    let opened = 0;
    setting.deps.dataKeys = {
      make: async () => ({ key, sealed: Uint8Array.of(8) }),
      open: async () => {
        opened += 1;
        return key;
      },
    };
    const { connectionId } = await setting.employ([{ ...ann, ssn: "412-55-9087" }, bea, carl]);
    const roster = await setting.start();
    await setting.plan(roster);
    await setting.read(roster, connectionId);
    const found = [...setting.objects.values()].flatMap((text) => /"ssn_mark":"([^"]*)"/.exec(text)?.[1] ?? []);
    return { found, opened };
  };

  it("are marked under the run's key, of which the first 16 bytes count, and which is opened once", async () => {
    const [one, same, other] = [new Uint8Array(32), new Uint8Array(32).fill(1, 16), new Uint8Array(32).fill(1, 15, 16)];
    const { found, opened } = await marks(one);
    expect([found.length, opened]).toEqual([1, 1]);
    expect((await marks(same)).found).toEqual(found);
    expect((await marks(other)).found).not.toEqual(found);
  });
});
