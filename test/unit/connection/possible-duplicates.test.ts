/**
 * Connections of one customer that may be the same employer's: marked once, kept once, and forgotten with the connection. The
 * file is long because what is marked, kept and forgotten is one story.
 */
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { EmployerMarks } from "#shared/connection/employer-marks.ts";
import { mostMarkedSources } from "#shared/connection/employer-marks.ts";
import { keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import { mostDuplicates, unmarkDuplicatesOf } from "#shared/connection/possible-duplicates.ts";
import { aDisconnect, newConnectionId } from "../../support/builders.ts";
import { createDuplicatesSetting as createStage, entities } from "./duplicates-setting.ts";

describe("two connections of a customer", () => {
  it.each<[string, string, Partial<Connection>, Partial<Connection>]>([
    ["company", "same_company", { entities: entities("a") }, { entities: entities("b") }],
    [
      "entity",
      "same_entity",
      { companyId: "one", entities: entities("a", "b") },
      { companyId: "two", entities: entities("c", "b") },
    ],
  ])("with the same %s are marked as each other's, once, with one event", async (_, reason, first, second) => {
    const stage = await createStage();
    const one = await stage.connect(first);
    await stage.look(one);
    const other = await stage.connect(second);
    const seen = await stage.look(other);
    expect(seen.possibleDuplicates).toEqual([one.connectionId]);
    expect(await stage.marksOf(one)).toEqual([other.connectionId]);
    for (const each of [one, other, one]) await stage.look(each);
    expect(stage.told()).toMatchObject([
      {
        subject: { id: other.connectionId, version: seen.version },
        detail: { reason, duplicate_connection_id: one.connectionId },
      },
    ]);
  });

  it.each<[string, Partial<Connection>]>([
    ["another company and other entities", { companyId: "other", entities: entities("other") }],
    ["another provider", { providerId: "bamboo_hr" }],
    ["no company and no entity that is known", { companyId: null, entities: entities(null) }],
    ["that is held", { heldReason: "acceptance_required" }],
    ["that is being ended", { disconnect: aDisconnect() }],
  ])("are not marked: %s", async (_, changes) => {
    const stage = await createStage();
    const [one, other] = [await stage.connect(), await stage.connect(changes)];
    for (const each of [one, other, one]) await stage.look(each);
    expect([await stage.marksOf(one), await stage.marksOf(other), stage.told()]).toEqual([[], [], []]);
  });

  it("are marked once the held one is accepted", async () => {
    const stage = await createStage();
    const [one, held] = [await stage.connect(), await stage.connect({ heldReason: "acceptance_required" })];
    for (const each of [one, held]) await stage.look(each);
    const accepted = { ...(await stage.stored(held)), heldReason: null };
    await stage.connections.replace({ ...accepted, version: accepted.version + 1 }, []);
    await stage.look(held);
    expect(await stage.marksOf(one)).toEqual([held.connectionId]);
  });

  it("of different customers are never marked", async () => {
    const stage = await createStage();
    const [one, strangers] = [await stage.connect(), await stage.connect({}, await stage.createCustomer("globex"))];
    for (const each of [one, strangers, one]) await stage.look(each);
    expect([await stage.marksOf(one), await stage.marksOf(strangers)]).toEqual([[], []]);
  });
});

describe("two that are looked at at the same time", () => {
  /** Runs two looks side by side; each waits at each of its calls of the index for its turn. */
  const race = async (turns: readonly (0 | 1)[]) => {
    const stage = await createStage();
    const both = [await stage.connect(), await stage.connect()];
    const waiting: [(() => void)[], (() => void)[]] = [[], []];
    const gated = (who: 0 | 1): EmployerMarks => {
      const gate =
        <Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
        async (...args: Args) => {
          await new Promise<void>((resolve) => waiting[who].push(resolve));
          return call(...args);
        };
      const { put, remove, listOwn, listOthers } = stage.marks;
      return { put: gate(put), remove: gate(remove), listOwn: gate(listOwn), listOthers: gate(listOthers) };
    };
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const looks = Promise.all(both.map((each, who) => stage.look(each, { ...stage.deps, marks: gated(who as 0 | 1) })));
    for (const who of [...turns, ...Array.from({ length: 60 }, (_, at) => (at % 2) as 0 | 1)]) {
      await settle();
      waiting[who].shift()?.();
    }
    await looks;
    return { stage, both };
  };

  it("are found once, whatever comes first", async () => {
    for (let pattern = 0; pattern < 256; pattern += 1) {
      const turns = Array.from({ length: 8 }, (_, at) => ((pattern >> at) & 1) as 0 | 1);
      const { stage, both } = await race(turns);
      const [one, other] = both;
      if (one === undefined || other === undefined) expect.fail();
      expect([turns, await stage.marksOf(one), await stage.marksOf(other), stage.told().length]).toEqual([
        turns,
        [other.connectionId],
        [one.connectionId],
        1,
      ]);
    }
  });
});

describe("keeping a duplicate", () => {
  it("clears all marks of the connection on both sides, for ever", async () => {
    const stage = await createStage();
    const [one, two, three] = [await stage.connect(), await stage.connect(), await stage.connect()];
    for (const each of [one, two, three]) await stage.look(each);
    const told = stage.events().length;
    expect(await stage.keep(one)).toMatchObject({ ok: true, value: { possibleDuplicates: [] } });
    expect(stage.events().slice(told)).toMatchObject(
      [one, two, three].map(({ connectionId: id }) => ({ type: "ConnectionUpdated", subject: { id } })),
    );
    for (const each of [three, two, one]) await stage.look(each);
    expect([await stage.marksOf(one), await stage.marksOf(two), await stage.marksOf(three)]).toEqual([
      [],
      [three.connectionId],
      [two.connectionId],
    ]);
    expect((await stage.stored(two)).keptDuplicates).toEqual([one.connectionId]);
    expect((await stage.stored(one)).keptDuplicates).toHaveLength(2);
    expect(stage.told()).toHaveLength(3);
  });

  it("changes nothing where there is no mark, and knows only what is there", async () => {
    const stage = await createStage();
    const one = await stage.connect();
    expect(await stage.keep(one)).toEqual({ ok: true, value: one });
    expect(await stage.stored(one)).toEqual(one);
    expect(await keepDuplicate(stage.deps)(stage.acme, newConnectionId())).toEqual({
      ok: false,
      refusal: "connection_unknown",
    });
  });

  it("starts again when one of them has changed meanwhile", async () => {
    const stage = await createStage();
    const [one, two] = [await stage.connect(), await stage.connect()];
    for (const each of [one, two]) await stage.look(each);
    let isFirst = true;
    const find: typeof stage.connections.find = async (...of) => {
      const found = await stage.connections.find(...of);
      if (isFirst && found?.connectionId === two.connectionId) {
        isFirst = false;
        await stage.connections.replace({ ...found, label: "meanwhile", version: found.version + 1 }, []);
      }
      return found;
    };
    await keepDuplicate({ ...stage.deps, connections: { ...stage.connections, find } })(stage.acme, one.connectionId);
    expect(await stage.stored(two)).toMatchObject({ label: "meanwhile", keptDuplicates: [one.connectionId] });
  });
});

describe("a connection that is removed", () => {
  const remove = async ({ connections }: Awaited<ReturnType<typeof createStage>>, connection: Connection) =>
    expect(await connections.remove(connection, { tombstone: null, counts: true, events: [] })).toBe(true);

  it("is taken from the marks of the others before it goes", async () => {
    const stage = await createStage();
    const [one, two, three] = [await stage.connect(), await stage.connect(), await stage.connect()];
    for (const each of [one, two]) await stage.look(each);
    await stage.keep(one);
    await stage.look(three);
    await unmarkDuplicatesOf(stage.deps, await stage.stored(two));
    expect(await stage.stored(one)).toMatchObject({ keptDuplicates: [] });
    expect(await stage.marksOf(three)).toEqual([one.connectionId]);
  });

  it("is forgotten by the next look, and its entries with it", async () => {
    const stage = await createStage();
    const [one, two] = [await stage.connect(), await stage.connect()];
    for (const each of [one, two]) await stage.look(each);
    await remove(stage, await stage.stored(two));
    expect((await stage.look(one)).possibleDuplicates).toEqual([]);
    const left = [...stage.memory.marks.values()].map(({ connectionId }) => connectionId);
    expect(new Set(left)).toEqual(new Set([one.connectionId]));
  });
});

describe("a look beside the end of its connection", () => {
  it.each(["asked for", "confirmed"])("leaves no entry in the index when that is %s meanwhile", async (what) => {
    const stage = await createStage();
    const one = await stage.connect();
    const put: EmployerMarks["put"] = async (...of) => {
      await stage.marks.put(...of);
      const now = await stage.stored(one).catch(() => undefined);
      if (now === undefined || now.disconnect !== null) return;
      const ending = { ...now, disconnect: aDisconnect(), version: now.version + 1 };
      await stage.connections.replace(ending, []);
      if (what === "confirmed") {
        await stage.connections.remove(ending, { tombstone: null, counts: true, events: [] });
      }
    };
    await stage.look(one, { ...stage.deps, marks: { ...stage.marks, put } });
    expect(stage.memory.marks.size).toBe(0);
  });
});

describe("what a look does for duplicates is bounded", () => {
  it("enters so many entities, and marks so many connections", async () => {
    const stage = await createStage();
    const many = Array.from({ length: mostMarkedSources + 10 }, (_, at) => `source-${at}`);
    const large = await stage.connect({ entities: entities(...many) });
    await stage.look(large);
    expect(stage.memory.marks.size).toBe(1 + mostMarkedSources);
    for (let count = 0; count < mostDuplicates + 5; count += 1) await stage.look(await stage.connect());
    const all = [...stage.memory.connections.values()];
    for (const each of all) await stage.look(each);
    const lengths = [...stage.memory.connections.values()].map(({ possibleDuplicates }) => possibleDuplicates.length);
    expect(Math.max(...lengths)).toBe(mostDuplicates);
    expect((await stage.keep(large)).ok).toBe(true);
  });

  it("reads and writes little for a connection that is known", async () => {
    const stage = await createStage();
    const one = await stage.connect();
    await stage.look(one);
    const puts: unknown[] = [];
    const marks = { ...stage.marks, put: async (...put: unknown[]) => void puts.push(put) };
    const before = stage.memory.itemsRead;
    await stage.look(one, { ...stage.deps, marks });
    expect([puts, stage.memory.itemsRead - before]).toEqual([[], 2]);
  });
});
