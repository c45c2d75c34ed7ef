import { describe, expect, it } from "vitest";
import { aConnection, aDisconnect, aTokenRecord, withAnotherToken } from "../../support/builders.ts";
import { company, createSetting, entity, unread } from "./setting.ts";

describe("reading the employers of a connection", () => {
  it("asks about each entity once, and keeps what it is told, without another version of the connection", async () => {
    const connection = unread({
      entities: [entity("a"), entity("b")],
      tokens: [aTokenRecord({ entityIds: ["a", "b"] })],
    });
    const { step, asked, employers, version, messages } = await createSetting(connection, (id) => company(`${id} LLC`));
    expect(await step()).toBe("done");
    expect(asked).toEqual(["a", "b"]);
    expect(await employers()).toMatchObject([
      { entityId: "a", status: "available", legalName: "a LLC", entityType: "llc", einLastFour: "6789" },
      { entityId: "b", status: "available", legalName: "b LLC" },
    ]);
    expect([await version(), messages]).toEqual([connection.version, []]);
    // Nothing is due any more.
    expect([await step(), asked.length]).toEqual(["done", 2]);
  });

  it("reads again what Finch has told of a change of", async () => {
    const connection = unread();
    const { step, asked } = await createSetting(connection, () => company("Acme"));
    await step();
    // As the memory's clock has it: any time after all that was read so far.
    const staleBefore = new Date("2100-01-01T00:00:00.000Z");
    expect(await step({ staleBefore })).toBe("done");
    expect(asked).toHaveLength(2);
  });

  it.each(["not_ready", "not_supported", "not_permitted", "not_granted"] as const)(
    "keeps %s as what it is",
    async (kind) => {
      const { step, employers, messages } = await createSetting(unread(), () => ({ kind }));
      expect(await step()).toBe("done");
      expect(await employers()).toMatchObject([{ status: kind, legalName: null, einLastFour: null }]);
      expect(messages).toEqual([]);
    },
  );

  it("asks without an entity where Finch names none", async () => {
    const { step, asked, employers } = await createSetting(unread({ entities: [] }), () => company("Acme"));
    await step();
    expect([asked, await employers()]).toMatchObject([[null], [{ entityId: null, status: "available" }]]);
  });

  it("asks nothing where no token opens the company, or the customer has to sign in", async () => {
    const without = await createSetting(unread({ tokens: [aTokenRecord({ products: ["directory"] })] }), () =>
      company("x"),
    );
    await without.step();
    expect([without.asked, await without.employers()]).toMatchObject([[], [{ status: "not_granted" }]]);
    const signedOut = await createSetting(unread({ tokens: [aTokenRecord({ status: "reauth" })] }), () => company("x"));
    await signedOut.step();
    expect([signedOut.asked, await signedOut.employers()]).toMatchObject([
      [],
      [{ status: "reauthentication_required" }],
    ]);
  });

  it("has the connection looked at where Finch asks for the customer, and decides nothing itself", async () => {
    const connection = unread();
    const { step, looks, employers, stores } = await createSetting(connection, () => ({ kind: "needs_customer" }));
    await step();
    expect(looks).toMatchObject([{ connectionId: connection.connectionId, reason: "call" }]);
    expect(await employers()).toMatchObject([{ status: "reauthentication_required" }]);
    const stored = await stores.connections.find(connection.customerId, connection.connectionId);
    expect(stored?.finchStatus).toBe("connected");
  });

  it.each([
    { kind: "undecided", reason: "server_error" },
    { kind: "undecided", reason: "rate_limited" },
    { kind: "platform_trouble", reason: "payment_required" },
  ] as const)("stops at %j, keeps what it has read so far, and tries again later", async (trouble) => {
    const connection = unread({
      entities: [entity("a"), entity("b"), entity("c")],
      tokens: [aTokenRecord({ entityIds: ["a", "b", "c"] })],
    });
    const answers = (id: string | null) => (id === "a" ? company("a LLC") : trouble);
    const { step, asked, employers, messages } = await createSetting(connection, answers);
    expect(await step({ attempt: 3 })).toBe("later");
    expect([asked, await employers()]).toMatchObject([["a", "b"], [{ entityId: "a" }]]);
    expect(messages).toMatchObject([{ attempt: 4, delaySeconds: 900 }]);
    expect(await step({ attempt: 12 })).toBe("gave_up");
    expect(messages).toHaveLength(1);
  });

  it.each([
    [5, 60],
    [90, 90],
    [3_600, 900],
  ])(
    "stops where Finch cannot be asked for %i s, and comes again after %i s, as if it had not tried",
    async (retryAfterSeconds, delaySeconds) => {
      const connection = unread({
        entities: [entity("a"), entity("b"), entity("c")],
        tokens: [aTokenRecord({ entityIds: ["a", "b", "c"] })],
      });
      const notAsked = { kind: "undecided", reason: "budget_used_up", retryAfterSeconds } as const;
      const answers = (id: string | null) => (id === "a" ? company("a LLC") : notAsked);
      const { step, asked, employers, messages } = await createSetting(connection, answers);
      expect(await step({ attempt: 12 })).toBe("later");
      expect([asked, await employers()]).toMatchObject([["a", "b"], [{ entityId: "a" }]]);
      expect(messages).toMatchObject([{ attempt: 12, delaySeconds }]);
    },
  );

  it("takes many entities in steps of ten, each once", async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `entity-${String(index).padStart(2, "0")}`);
    const entities = ids.map((id) => entity(id));
    const connection = unread({ entities, tokens: [aTokenRecord({ entityIds: ids })] });
    const { step, asked, messages, employers } = await createSetting(connection, (id) => company(`${id}`));
    expect([await step(), await step(), await step()]).toEqual(["more", "more", "done"]);
    expect([asked, messages.map(({ delaySeconds }) => delaySeconds)]).toEqual([ids, [0, 0]]);
    expect(await employers()).toHaveLength(23);
  });

  it("reads and opens each token once in a step, however many entities it serves", async () => {
    const connection = unread({
      entities: ["a", "b", "c"].map((id) => entity(id)),
      tokens: [aTokenRecord({ entityIds: ["a", "b"] })],
    });
    const counts = { read: 0, opened: 0 };
    const { step, asked, put } = await createSetting(
      connection,
      () => company("Acme"),
      ({ stores: { connections }, vault }) => ({
        connections: {
          ...connections,
          findToken: (...of) => {
            counts.read += 1;
            return connections.findToken(...of);
          },
        },
        vault: {
          open: (...of) => {
            counts.opened += 1;
            return vault.open(...of);
          },
        },
      }),
    );
    await put(withAnotherToken(connection, aTokenRecord({ entityIds: ["c"] })));
    await step();
    expect([asked, counts]).toEqual([["a", "b", "c"], { read: 2, opened: 2 }]);
  });

  it("reads nothing of a connection that is not in use, or is not there", async () => {
    for (const changes of [{ heldReason: "wrong_account" }, { disconnect: aDisconnect() }] as const) {
      const { step, asked, stores } = await createSetting(unread(changes), () => company("x"));
      expect([await step(), asked, stores.memory.written.length]).toEqual(["void", [], 1]);
    }
    const { step } = await createSetting(unread(), () => company("x"));
    expect(await step({ connectionId: aConnection().connectionId })).toBe("void");
  });

  it("puts what it read beside what others have changed meanwhile", async () => {
    const connection = unread();
    let isFirst = true;
    const { step, employers, stores } = await createSetting(
      connection,
      () => company("Acme"),
      ({ stores: { connections } }) => ({
        connections: {
          ...connections,
          keepEmployers: async (...of) => {
            if (isFirst) {
              isFirst = false;
              const { label: _, ...now } =
                (await connections.find(connection.customerId, connection.connectionId)) ?? connection;
              await connections.replace({ ...now, label: "changed", version: now.version + 1 }, []);
            }
            return connections.keepEmployers(...of);
          },
        },
      }),
    );
    await step();
    expect(await employers()).toMatchObject([{ legalName: "Acme" }]);
    const stored = await stores.connections.find(connection.customerId, connection.connectionId);
    expect(stored?.label).toBe("changed");
  });
});
