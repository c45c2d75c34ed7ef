/**
 * One entity's end: asked for once, driven until Finch says so, while the connection goes on. The file is long because each
 * answer of Finch has its own end.
 */
import { describe, expect, it } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { EntityDisconnectAnswer } from "#shared/connection/finch-port.ts";
import { requestEntityDisconnect } from "#shared/connection/request-entity-disconnect.ts";
import { aGrant, anEntityDisconnect, anIntrospection, minute, newConnectionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const disconnected = { kind: "disconnected" } as const;
const invalid = { kind: "invalid_token" } as const;
const unknown = { kind: "unknown_entity" } as const;
const undecided = { kind: "undecided", reason: "timeout" } as const;

/** A connection with a token for each of these lists of entities. */
const createStage = async (...tokens: readonly (readonly string[])[]) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const connectionId = newConnectionId();
  for (const entityIds of tokens.length > 0 ? tokens : [["e1", "e2"]]) {
    await setting.bring(acme, aGrant({ connectionId, entityIds }));
  }
  const nudged: unknown[] = [];
  const deps = {
    ...setting.deps,
    nudgeDisconnects: async (asked: readonly unknown[]) => void nudged.push(...asked),
    customerHash: async () => "hash",
  };
  const stored = async () => (await setting.connections.find(acme, connectionId)) ?? expect.fail();
  const end = (entityId: string) => requestEntityDisconnect(deps)(acme, connectionId, entityId);
  const drive = (dependencies = deps) => driveDisconnect(dependencies)(acme, connectionId);
  const asked = () => setting.finch.calls.filter(({ operation }) => operation === "disconnectEntities");
  const told = () => setting.events().filter(({ type }) => type === "EntityDisconnected");
  const change = async (changes: Partial<Connection>) => {
    const before = await stored();
    await setting.connections.replace({ ...before, ...changes, version: before.version + 1 }, []);
  };
  const idsOf = async () => (await stored()).entities.map(({ id }) => id);
  return { ...setting, acme, connectionId, deps, nudged, stored, end, drive, asked, told, change, idsOf };
};
const listing = (...ids: readonly (readonly [string, string])[]) => ({
  kind: "introspected" as const,
  introspection: anIntrospection({
    entities: ids.map(([id, status]) => ({ id, name: null, sourceId: null, status })),
  }),
});

describe("asking for an entity's end", () => {
  it("stores the promise, tells of it, and nudges the driver", async () => {
    const { end, stored, nudged, now, events, acme, connectionId } = await createStage();
    expect(await end("e1")).toMatchObject({ ok: true, value: { version: (await stored()).version } });
    expect((await stored()).entityDisconnects).toEqual([
      anEntityDisconnect({ entityId: "e1", requestedAt: now(), nextAttemptAt: now() }),
    ]);
    expect(nudged).toEqual([{ customerId: acme, connectionId }]);
    expect(events().at(-1)).toMatchObject({ type: "ConnectionUpdated", detail: { status: "connected" } });
  });

  it("again changes nothing", async () => {
    const { end, stored, nudged } = await createStage();
    await end("e1");
    const before = await stored();
    expect(await end("e1")).toEqual({ ok: true, value: before });
    expect([await stored(), nudged.length]).toEqual([before, 1]);
  });

  it("is refused for the last one, those that are being ended not counted", async () => {
    const { end, stored } = await createStage(["e1", "e2", "e3"]);
    await end("e1");
    await end("e2");
    const before = await stored();
    expect(await end("e3")).toEqual({ ok: false, refusal: { reason: "last_entity" } });
    expect(await stored()).toEqual(before);
  });

  it("leaves one of two that are asked for at the same time", async () => {
    const { end, stored } = await createStage();
    const results = await Promise.all([end("e1"), end("e2")]);
    expect(results.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
    expect((await stored()).entityDisconnects).toHaveLength(1);
  });

  it("knows only entities of this connection of this customer", async () => {
    const { end, deps, createCustomer, connectionId } = await createStage();
    expect(await end("e9")).toEqual({ ok: false, refusal: { reason: "entity_unknown" } });
    const globex = await createCustomer("globex");
    expect(await requestEntityDisconnect(deps)(globex, connectionId, "e1")).toEqual({
      ok: false,
      refusal: { reason: "connection_unknown" },
    });
  });

  it("is refused for a held connection, and changes nothing of one that is being ended as a whole", async () => {
    const stage = await createStage();
    await stage.change({ heldReason: "acceptance_required" });
    expect(await stage.end("e1")).toEqual({ ok: false, refusal: { reason: "connection_held" } });
    await stage.change({ heldReason: null });
    await requestDisconnect(stage.deps)(stage.acme, stage.connectionId);
    const before = await stage.stored();
    expect(await stage.end("e1")).toEqual({ ok: true, value: before });
  });
});

describe("an entity's end that Finch confirms", () => {
  it("takes it from the connection and its tokens, tells of it, and asks for a look", async () => {
    const stage = await createStage(["e1"], ["e1", "e2"]);
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(disconnected);
    expect(await stage.drive()).toBe("confirmed");
    const after = await stage.stored();
    expect(after).toMatchObject({ entityDisconnects: [], disconnect: null, nextCheckAt: stage.now() });
    expect([after.entities.map(({ id }) => id), after.tokens.map(({ entityIds }) => entityIds)]).toEqual([
      ["e2"],
      [[], ["e2"]],
    ]);
    expect(stage.memory.tokens.size).toBe(2);
    expect(stage.told()).toMatchObject([
      { subject: { id: stage.connectionId, version: after.version }, detail: { entity_id: "e1", status: "connected" } },
    ]);
    expect(stage.checksAsked).toMatchObject([{ connectionId: stage.connectionId, madeAt: after.createdAt }]);
    expect(stage.asked()).toMatchObject([{ entityIds: ["e1"] }]);
    expect(await stage.drive()).toBe("nothing_to_do");
  });

  it.each<[string, readonly (readonly string[])[], readonly EntityDisconnectAnswer[]]>([
    ["of an older token, when the newer one is invalid", [["e1", "e2"], ["e1"]], [invalid, disconnected]],
    ["of a token that does not open it, when none that does is valid", [["e2"], ["e1"]], [invalid, disconnected]],
    ["of every token that opens it being invalid", [["e1", "e2"], ["e1"]], [invalid, invalid]],
  ])("is the word %s", async (_, tokens, answers) => {
    const stage = await createStage(...tokens);
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(...answers);
    expect(await stage.drive()).toBe("confirmed");
    expect([await stage.idsOf(), stage.asked().length, stage.told().length]).toEqual([["e2"], answers.length, 1]);
  });

  it.each([
    ["does not list it any more", listing(["e2", "connected"])],
    ["lists it as ended", listing(["e1", "disconnected"], ["e2", "connected"])],
    ["calls the token invalid", invalid],
  ])("may be that Finch knows no such entity, and %s", async (_, listed) => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(unknown);
    stage.finch.willAnswerIntrospect(listed);
    expect(await stage.drive()).toBe("confirmed");
    expect(await stage.idsOf()).toEqual(["e2"]);
  });
});

describe("an entity's end that Finch does not confirm", () => {
  it.each<[string, readonly (readonly string[])[], readonly EntityDisconnectAnswer[]]>([
    ["an answer that never came", [["e1", "e2"]], [undecided]],
    ["trouble of the platform's", [["e1", "e2"]], [{ kind: "platform_trouble", reason: "invalid_client_error" }]],
    ["one invalid token of two that open it", [["e1", "e2"], ["e1"]], [invalid, undecided]],
    ["one invalid token of two, the other way round", [["e1", "e2"], ["e1"]], [undecided, invalid]],
    ["no answer to a token that does not open it", [["e2"], ["e1"]], [invalid, undecided]],
  ])("is kept and due again after %s", async (_, tokens, answers) => {
    const stage = await createStage(...tokens);
    await stage.change({ nextCheckAt: new Date(stage.now().getTime() + 60 * minute) });
    await stage.end("e1");
    const before = await stage.stored();
    stage.finch.willAnswerDisconnectEntities(...answers);
    expect(await stage.drive()).toBe("not_yet");
    const nextAttemptAt = new Date(stage.now().getTime() + minute);
    const attempted = [
      anEntityDisconnect({ entityId: "e1", requestedAt: before.updatedAt, attempts: 1, nextAttemptAt }),
    ];
    expect(await stage.stored()).toEqual({ ...before, entityDisconnects: attempted, version: before.version + 1 });
    expect([stage.told(), stage.checksAsked]).toEqual([[], []]);
  });

  it.each([
    ["lists it still: it is the last one there", listing(["e1", "connected"])],
    ["lists it still, beside another", listing(["e2", "connected"], ["e1", "connected"])],
    ["lists nothing", listing()],
    ["does not answer", undecided],
  ])("is not gone because Finch refuses it, and then %s", async (_, listed) => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(unknown);
    stage.finch.willAnswerIntrospect(listed);
    expect(await stage.drive()).toBe("not_yet");
    expect(await stage.idsOf()).toEqual(["e1", "e2"]);
  });

  it("does not keep the connection from being looked at when that is due", async () => {
    const stage = await createStage();
    await stage.end("e1");
    await stage.change({ nextCheckAt: stage.now() });
    stage.finch.willAnswerDisconnectEntities(undecided);
    expect(await stage.drive()).toBe("not_yet");
    expect(stage.checksAsked).toMatchObject([{ connectionId: stage.connectionId, reason: "sibling" }]);
  });

  it("is not gone while a token that opens it is missing, or does not open", async () => {
    const stage = await createStage(["e1", "e2"], ["e1"]);
    await stage.end("e1");
    const [key = "", sealed] = [...stage.memory.tokens][0] ?? [];
    if (sealed === undefined) expect.fail();
    stage.memory.tokens.set(key, { ...sealed, sealed: { ciphertext: Buffer.from("x".repeat(60)) } });
    stage.finch.willAnswerDisconnectEntities(invalid, invalid);
    await expect(stage.drive()).rejects.toThrow();
    stage.memory.tokens.delete(key);
    expect(await stage.drive()).toBe("not_yet");
    expect((await stage.stored()).entityDisconnects).toMatchObject([{ attempts: 2 }]);
  });

  it("was not attempted where Finch could not be asked", async () => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 7 });
    expect(await stage.drive()).toBe("not_asked");
    const nextAttemptAt = new Date(stage.now().getTime() + 7_000);
    expect((await stage.stored()).entityDisconnects).toMatchObject([{ entityId: "e1", attempts: 0, nextAttemptAt }]);
  });

  it("is tried again after pauses that double up to six hours, for ever", async () => {
    const stage = await createStage();
    await stage.end("e1");
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      stage.finch.willAnswerDisconnectEntities(undecided);
      await stage.drive();
      const next = (await stage.stored()).entityDisconnects[0]?.nextAttemptAt ?? expect.fail();
      expect(next.getTime() - stage.now().getTime()).toBe(Math.min(2 ** (attempt - 1), 360) * minute);
      expect(await stage.due.disconnects(next)).toHaveLength(1);
      stage.setNow(next);
    }
  });
});

describe("an entity's end beside other changes", () => {
  it("is overridden by the end of the whole connection", async () => {
    const stage = await createStage();
    await stage.end("e1");
    await requestDisconnect(stage.deps)(stage.acme, stage.connectionId);
    expect((await stage.stored()).entityDisconnects).toEqual([]);
    stage.finch.willAnswerDisconnect(disconnected);
    expect(await stage.drive()).toBe("confirmed");
    expect([stage.asked(), stage.told()]).toEqual([[], []]);
  });

  it("asked for as a whole while Finch ends the entity, it is the whole that goes on", async () => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(async () => {
      await requestDisconnect(stage.deps)(stage.acme, stage.connectionId);
      return disconnected;
    });
    expect(await stage.drive()).toBe("not_yet");
    expect(await stage.stored()).toMatchObject({ entityDisconnects: [], disconnect: { reason: "requested" } });
  });

  /** A look, which tells that the entity is gone. */
  const look = async (stage: Awaited<ReturnType<typeof createStage>>) => {
    stage.finch.willAnswerIntrospect(listing(["e1", "disconnected"], ["e2", "connected"]));
    expect(await checkConnection(stage.deps)(stage.acme, stage.connectionId)).toMatchObject({ ok: true });
  };

  it("counts as ended, with its event, when a look tells so first", async () => {
    const stage = await createStage();
    await stage.end("e1");
    await look(stage);
    expect(await stage.idsOf()).toEqual(["e2"]);
    expect(await stage.drive()).toBe("confirmed");
    expect([(await stage.stored()).entityDisconnects, stage.told().length, stage.asked()]).toEqual([[], 1, []]);
  });

  it("stays ended when a look comes afterwards", async () => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(disconnected);
    await stage.drive();
    await look(stage);
    expect([await stage.idsOf(), stage.told().length]).toEqual([["e2"], 1]);
  });

  it("counts as ended once when a look tells so while Finch is asked", async () => {
    const stage = await createStage();
    await stage.end("e1");
    stage.finch.willAnswerDisconnectEntities(async () => {
      await look(stage);
      return disconnected;
    });
    expect(await stage.drive()).toBe("not_yet");
    expect(await stage.drive()).toBe("confirmed");
    expect([await stage.idsOf(), stage.told().length]).toEqual([["e2"], 1]);
  });

  it("counts as ended where another step ends it while this one is at the entity before", async () => {
    const stage = await createStage(["e1", "e2", "e3"]);
    await stage.end("e1");
    await stage.end("e2");
    stage.finch.willAnswerDisconnectEntities(async () => {
      const { entityDisconnects, entities } = await stage.stored();
      await stage.change({ entities: entities.slice(0, 1), entityDisconnects: entityDisconnects.slice(0, 1) });
      return undecided;
    });
    expect(await stage.drive()).toBe("not_yet");
    stage.finch.willAnswerDisconnectEntities(disconnected);
    expect([await stage.drive(), stage.asked().length]).toEqual(["confirmed", 2]);
  });

  it("goes on for one entity when another one cannot be ended yet", async () => {
    const stage = await createStage(["e1", "e2", "e3"]);
    await stage.end("e1");
    await stage.end("e2");
    stage.finch.willAnswerDisconnectEntities(undecided, disconnected);
    expect(await stage.drive()).toBe("not_yet");
    expect([await stage.idsOf(), (await stage.stored()).entityDisconnects.map(({ entityId }) => entityId)]).toEqual([
      ["e1", "e3"],
      ["e1"],
    ]);
  });
});

describe("a step towards the end of entities", () => {
  it("takes on the ten that are due longest, and leaves the others as they are", async () => {
    const ids = Array.from({ length: 13 }, (_, index) => `e${index}`);
    const stage = await createStage(ids);
    const dueAt = (index: number) => new Date(stage.now().getTime() - index * minute);
    // The last in the list are due longest.
    const asked = ids
      .slice(0, 12)
      .map((entityId, index) => anEntityDisconnect({ entityId, nextAttemptAt: dueAt(index) }));
    await stage.change({ entityDisconnects: asked });
    stage.finch.willAnswerDisconnectEntities(undecided, ...Array.from({ length: 9 }, () => disconnected));
    expect(await stage.drive()).toBe("not_yet");
    expect(stage.asked()).toMatchObject(
      ids
        .slice(2, 12)
        .toReversed()
        .map((id) => ({ entityIds: [id] })),
    );
    const [first, second, tried, ...rest] = (await stage.stored()).entityDisconnects;
    expect([first, second, rest]).toEqual([asked[0], asked[1], []]);
    expect(tried).toMatchObject({ entityId: "e11", attempts: 1 });
  });

  it("is not the last while more than ten are to be ended, though Finch confirms each", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `e${index}`);
    const stage = await createStage(ids);
    await stage.change({ entityDisconnects: ids.slice(0, 11).map((entityId) => anEntityDisconnect({ entityId })) });
    stage.finch.willAnswerDisconnectEntities(...Array.from({ length: 11 }, () => disconnected));
    expect([await stage.drive(), await stage.drive()]).toEqual(["not_yet", "confirmed"]);
    expect(await stage.idsOf()).toEqual(["e11"]);
  });

  it("is done where the connection went meanwhile", async () => {
    const stage = await createStage();
    await stage.end("e1");
    let reads = 0;
    const find: typeof stage.connections.find = async (...of) => {
      reads += 1;
      return reads === 1 ? stage.connections.find(...of) : undefined;
    };
    const connections = { ...stage.connections, find };
    expect(await stage.drive({ ...stage.deps, connections })).toBe("confirmed");
    expect([stage.asked(), reads]).toEqual([[], 2]);
  });

  it("goes on with another where a look has told that one is gone", async () => {
    const stage = await createStage(["e2", "e3"]);
    await stage.change({ entityDisconnects: ["e1", "e2"].map((entityId) => anEntityDisconnect({ entityId })) });
    stage.finch.willAnswerDisconnectEntities(undecided);
    expect(await stage.drive()).toBe("not_yet");
    expect((await stage.stored()).entityDisconnects).toMatchObject([{ entityId: "e2", attempts: 1 }]);
  });

  it("asks what Finch lists of those tokens only that open the entity", async () => {
    const stage = await createStage(["e2"], ["e1"]);
    await stage.end("e1");
    // Of the one that does not open it, Finch does not know the entity, and that says nothing.
    stage.finch.willAnswerDisconnectEntities(invalid, unknown);
    expect(await stage.drive()).toBe("confirmed");
    expect(stage.finch.calls.filter(({ operation }) => operation === "introspect")).toEqual([]);
  });
});
