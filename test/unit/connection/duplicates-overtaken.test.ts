/** Possible duplicates beside other changes: what the index says is not believed, and what is lost is done again, or left. */
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { asMarked, companyMark } from "#shared/connection/employer-marks.ts";
import { mostDuplicates, unmarkDuplicatesOf } from "#shared/connection/possible-duplicates.ts";
import { aDisconnect, afterNoon, minute, newConnectionId } from "../../support/builders.ts";
import { createDuplicatesSetting as createStage, entities } from "./duplicates-setting.ts";

describe("an entry of the index", () => {
  it.each<[string, Partial<Connection>]>([
    ["another provider's by now", { providerId: "bamboo_hr" }],
    ["without the entity by now", { entities: entities("b") }],
  ])("of a connection that is %s marks nothing, and goes", async (_, changes) => {
    const stage = await createStage();
    const [one, other] = [
      await stage.connect({ companyId: null, entities: entities("a") }),
      await stage.connect({ companyId: null, entities: entities("a") }),
    ];
    await stage.look(other);
    await stage.change(other, changes);
    await stage.look(one);
    expect([await stage.marksOf(one), stage.told()]).toEqual([[], []]);
    expect([...stage.memory.marks.values()].map(({ connectionId }) => connectionId)).toEqual([one.connectionId]);
  });

  it("of a former life of the connection is made anew", async () => {
    const stage = await createStage();
    const one = await stage.connect({ entities: [] });
    const mark = companyMark(one) ?? expect.fail();
    await stage.marks.put(mark, { ...asMarked(one), madeAt: afterNoon(-minute) });
    await stage.look(one);
    expect([...stage.memory.marks.values()]).toEqual([{ ...asMarked(one), mark }]);
  });

  it("is never made of what Finch does not tell", async () => {
    const stage = await createStage();
    const unknown = { companyId: null, entities: entities(null) };
    for (const each of [await stage.connect(unknown), await stage.connect(unknown)]) await stage.look(each);
    expect([stage.memory.marks.size, stage.told()]).toEqual([0, []]);
  });

  it("is not made for a connection on its way out", async () => {
    const stage = await createStage();
    const ending = await stage.connect({ disconnect: aDisconnect() });
    const put = async () => expect.fail("put");
    expect(await stage.look(ending, { ...stage.deps, marks: { ...stage.marks, put } })).toEqual(ending);
  });
});

describe("marking a pair", () => {
  /** A store that says no to this many marks, each time after `meanwhile`. */
  const refusing = (
    { deps, connections }: Awaited<ReturnType<typeof createStage>>,
    refusals: number,
    meanwhile: () => unknown = () => {},
  ) => {
    let calls = 0;
    const replaceTogether: typeof connections.replaceTogether = async (...asked) => {
      calls += 1;
      if (calls > refusals) return connections.replaceTogether(...asked);
      await meanwhile();
      return false;
    };
    return { deps: { ...deps, connections: { ...connections, replaceTogether } }, calls: () => calls };
  };
  const createPair = async () => {
    const stage = await createStage();
    const [one, other] = [await stage.connect(), await stage.connect()];
    await stage.look(other);
    return { ...stage, one, other };
  };

  it("is tried again on what has changed meanwhile", async () => {
    const stage = await createPair();
    const { one, other } = stage;
    const { deps } = refusing(stage, 1, () => stage.change(other, { label: "meanwhile" }));
    await stage.look(one, deps);
    expect(await stage.marksOf(one)).toEqual([other.connectionId]);
    expect(await stage.stored(other)).toMatchObject({ label: "meanwhile", possibleDuplicates: [one.connectionId] });
  });

  it.each(["one", "other"] as const)("ends where %s has gone meanwhile", async (which) => {
    const stage = await createPair();
    const { deps, calls } = refusing(stage, 1, () => stage.remove(stage[which]));
    await stage.look(stage.one, deps);
    expect([calls(), stage.told()]).toEqual([1, []]);
  });

  it("is left to the next look after five tries", async () => {
    const stage = await createPair();
    const { deps, calls } = refusing(stage, 100);
    expect(await stage.look(stage.one, deps)).toEqual(stage.one);
    expect([calls(), stage.told()]).toEqual([5, []]);
    await stage.look(stage.one);
    expect(stage.told()).toHaveLength(1);
  });

  it("is done for as many as a connection may have, of those that are in the index", async () => {
    const stage = await createStage();
    const one = await stage.connect({ entities: [] });
    const mark = companyMark(one) ?? expect.fail();
    await stage.marks.put(mark, asMarked(one));
    for (let count = 0; count < mostDuplicates; count += 1) {
      await stage.marks.put(mark, asMarked(await stage.connect({ entities: [] })));
    }
    expect((await stage.look(one)).possibleDuplicates).toHaveLength(mostDuplicates);
  });
});

describe("a look at a connection whose duplicates are known", () => {
  it("reads each of them, and itself no more", async () => {
    const stage = await createStage();
    const [one, other] = [await stage.connect({ entities: [] }), await stage.connect({ entities: [] })];
    for (const each of [one, other]) await stage.look(each);
    const read: string[] = [];
    const find: typeof stage.connections.find = (customerId, connectionId) => {
      read.push(connectionId);
      return stage.connections.find(customerId, connectionId);
    };
    await stage.look(one, { ...stage.deps, connections: { ...stage.connections, find } });
    // Whether it is there, and whether it still has the mark.
    expect(read).toEqual([other.connectionId, other.connectionId]);
  });
});

describe("a look after the removal of several", () => {
  it("forgets all of them, and keeps what was kept of those that are there", async () => {
    const stage = await createStage();
    const [one, kept, ...gone] = await Promise.all(Array.from({ length: 4 }, () => stage.connect({ entities: [] })));
    if (one === undefined || kept === undefined) expect.fail();
    for (const each of [one, kept]) await stage.look(each);
    await stage.keep(one);
    for (const each of gone) await stage.look(each);
    expect(await stage.marksOf(one)).toHaveLength(2);
    for (const each of gone) await stage.remove(each);
    expect(await stage.look(one)).toMatchObject({ possibleDuplicates: [], keptDuplicates: [kept.connectionId] });
  });
});

describe("keeping a duplicate, one of which has gone meanwhile", () => {
  it("keeps those that are there, and forgets the other", async () => {
    const stage = await createStage();
    const [one, two, three] = [await stage.connect(), await stage.connect(), await stage.connect()];
    for (const each of [one, two, three]) await stage.look(each);
    await stage.remove(three);
    expect(await stage.keep(one)).toMatchObject({
      ok: true,
      value: { possibleDuplicates: [], keptDuplicates: [two.connectionId] },
    });
  });
});

describe("taking a connection from the marks of the others", () => {
  const createTrio = async () => {
    const stage = await createStage();
    const [one, two, three] = [await stage.connect(), await stage.connect(), await stage.connect()];
    for (const each of [one, two, three]) await stage.look(each);
    await stage.keep(one);
    await stage.look(three);
    return { ...stage, one, two, three };
  };

  it("tells of each that had it, kept or not, and changes no other", async () => {
    const stage = await createTrio();
    const { one, two, three } = stage;
    const keptDuplicates = [newConnectionId()];
    const stranger = await stage.connect({ companyId: "another", entities: [], keptDuplicates });
    const [told, before] = [stage.events().length, await stage.stored(stranger)];
    const ending = await stage.stored(two);
    await unmarkDuplicatesOf(stage.deps, { ...ending, keptDuplicates: [one.connectionId, stranger.connectionId] });
    expect(stage.events().slice(told)).toMatchObject(
      [three, one].map(({ connectionId: id }) => ({ type: "ConnectionUpdated", subject: { id } })),
    );
    expect(await stage.stored(one)).toMatchObject({ possibleDuplicates: [], keptDuplicates: [three.connectionId] });
    expect(await stage.stored(three)).toMatchObject({ possibleDuplicates: [], keptDuplicates: [one.connectionId] });
    expect(await stage.stored(stranger)).toEqual(before);
  });

  it("passes by one that has gone, and tries five times with one that changes", async () => {
    const stage = await createTrio();
    await stage.remove(stage.three);
    let calls = 0;
    const replace = async () => {
      calls += 1;
      return false;
    };
    const connections = { ...stage.connections, replace };
    await unmarkDuplicatesOf({ ...stage.deps, connections }, await stage.stored(stage.two));
    expect(calls).toBe(5);
    expect((await stage.stored(stage.one)).keptDuplicates).toContain(stage.two.connectionId);
  });
});
