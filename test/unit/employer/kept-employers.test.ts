/** What a read leaves in its connection, as that is by then, and whom it asks for more. */
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { ReadEmployersDependencies } from "#shared/employer/read-employers.ts";
import { aTokenRecord, noon } from "../../support/builders.ts";
import { company, createSetting, entity, unread } from "./setting.ts";

const withEntities = (...ids: readonly string[]) =>
  unread({ entities: ids.map((id) => entity(id)), tokens: [aTokenRecord({ entityIds: ids })] });

/** A setting in which something happens at each read of the connection, and the writes are counted. */
const createCounting = async (
  connection: Connection,
  answers: Parameters<typeof createSetting>[1],
  {
    keep,
    find,
  }: {
    readonly keep?: () => boolean;
    readonly find?: (found: Connection | undefined, reads: number) => Connection | undefined;
  } = {},
) => {
  const writes: unknown[] = [];
  let reads = 0;
  const setting = await createSetting(connection, answers, ({ stores: { connections } }) => {
    const counting: ReadEmployersDependencies["connections"] = {
      ...connections,
      find: async (...of) => {
        reads += 1;
        const found = await connections.find(...of);
        return find === undefined ? found : find(found, reads);
      },
      keepEmployers: async (...of) => {
        writes.push(of);
        return keep === undefined ? connections.keepEmployers(...of) : keep();
      },
    };
    return { connections: counting };
  });
  return { ...setting, writes };
};

describe("a look at the connection", () => {
  it("is asked for by one entity of several that needs its customer, and by none that does not", async () => {
    const { step, looks } = await createSetting(withEntities("a", "b"), (id) =>
      id === "a" ? { kind: "needs_customer" } : company("Acme"),
    );
    await step();
    expect(looks).toHaveLength(1);
    const well = await createSetting(withEntities("a", "b"), () => company("Acme"));
    await well.step();
    expect(well.looks).toEqual([]);
  });
});

describe("a step of as many entities as it takes", () => {
  const ids = Array.from({ length: 10 }, (_, index) => `entity-${index}`);

  it("is the last where there are no more", async () => {
    const { step, messages } = await createSetting(withEntities(...ids), () => company("Acme"));
    expect([await step(), messages]).toEqual(["done", []]);
  });

  it("asks for the next, which begins its attempts anew", async () => {
    const connection = withEntities(...ids, "one more");
    const { step, messages } = await createSetting(connection, () => company("Acme"));
    expect(await step({ attempt: 7 })).toBe("more");
    const { customerId, connectionId } = connection;
    expect(messages).toEqual([{ customerId, connectionId, staleBefore: undefined, attempt: 0, delaySeconds: 0 }]);
  });
});

describe("what was read", () => {
  it("is nothing where the token has gone meanwhile: it is tried again later", async () => {
    const { step, asked, messages } = await createSetting(
      unread(),
      () => company("Acme"),
      ({ stores: { connections } }) => ({ connections: { ...connections, findToken: async () => undefined } }),
    );
    expect([await step(), asked, messages.length]).toEqual(["later", [], 1]);
  });

  it("is not written where it is nothing", async () => {
    const { step, writes } = await createCounting(unread(), () => ({ kind: "undecided", reason: "server_error" }));
    expect([await step(), writes]).toEqual(["later", []]);
  });

  it("is tried to be written five times beside others' changes", async () => {
    const { step, writes } = await createCounting(unread(), () => company("Acme"), { keep: () => false });
    expect([await step(), writes.length]).toEqual(["done", 5]);
  });

  it.each<[string, (found: Connection | undefined) => Connection | undefined]>([
    ["is gone", () => undefined],
    ["has begun another life", (found) => found && { ...found, createdAt: new Date(0) }],
  ])("is dropped where the connection %s by then", async (_, change) => {
    const { step, writes } = await createCounting(unread(), () => company("Acme"), {
      find: (found, reads) => (reads === 1 ? found : change(found)),
    });
    expect([await step(), writes]).toEqual(["done", []]);
  });

  it("takes the place of what was kept of entities that the connection has no more", async () => {
    const gone = { entityId: "gone", status: "not_granted", readAt: noon } as const;
    const unknown = { legalName: null, entityType: null, entitySubtype: null, einLastFour: null };
    const connection = { ...withEntities("a"), employers: [{ ...gone, ...unknown }] };
    const { step, employers } = await createSetting(connection, () => company("Acme"));
    expect(await employers()).toHaveLength(1);
    await step();
    expect(await employers()).toMatchObject([{ entityId: "a" }]);
  });
});
