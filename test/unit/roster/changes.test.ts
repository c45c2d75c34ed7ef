/** What counts as joined, left, moved, merged and split from one roster to the next, and how much of it is told. */
import { describe, expect, it } from "vitest";
import type { Source } from "#shared/employee/record.ts";
import {
  type Changes,
  type Cluster,
  countChanges,
  findChanges,
  rememberClusters,
  tellChanges,
} from "#shared/roster/changes.ts";

/** An individual by its connection and id, such as `a:1`. */
const individual = (text: string): Source => {
  const [connection_id = "", individual_id = ""] = text.split(":");
  return { connection_id, individual_id };
};
/** An employee who is these individuals. */
const employee = (employee_id: string, ...individuals: readonly string[]): Cluster => ({
  ...{ employee_id, sources: individuals.map(individual) },
});
const none: Changes = { joined: [], left: [], moved: [], merged: [], split: [] };
const everybodyIsRead = () => false;
const isOf = (connection: string) => (source: Source) => source.connection_id === connection;

describe("from one roster to the next", () => {
  it("nothing has changed where nothing has, nor where somebody is read of one more connection, or of one less", () => {
    const before = [employee("e1", "a:1"), employee("e2", "a:2", "b:2")];
    expect(findChanges(before, before, everybodyIsRead)).toEqual(none);
    const more = [employee("e1", "a:1", "b:1"), employee("e2", "a:2", "b:2")];
    expect(findChanges(before, more, everybodyIsRead)).toEqual(none);
    const less = [employee("e1", "a:1"), employee("e2", "b:2")];
    expect(findChanges(before, less, everybodyIsRead)).toEqual(none);
  });

  it("who has no individual of before has joined, and who has none any more has left", () => {
    const [before, after] = [[employee("e1", "a:1")], [employee("e2", "a:2")]];
    expect(findChanges(before, after, everybodyIsRead)).toEqual({ ...none, joined: ["e2"], left: ["e1"] });
    expect(findChanges([], before, everybodyIsRead)).toEqual({ ...none, joined: ["e1"] });
    expect(findChanges(before, [], everybodyIsRead)).toEqual({ ...none, left: ["e1"] });
  });

  it("who was not read has not left, even if only one of the individuals was not", () => {
    const before = [employee("e1", "a:1"), employee("e2", "a:2", "b:2"), employee("e3", "b:3")];
    expect(findChanges(before, [], isOf("a"))).toEqual({ ...none, left: ["e3"] });
  });

  it("who is at another connection than before has moved, and so has who kept one of several", () => {
    const before = [employee("e1", "a:1", "b:1"), employee("e2", "a:2", "b:2")];
    const after = [employee("e1", "b:1", "c:1"), employee("e2", "a:2", "b:2")];
    expect(findChanges(before, after, everybodyIsRead)).toEqual({ ...none, moved: ["e1"] });
  });

  it("another individual at the same connection is no move", () => {
    const [before, after] = [[employee("e1", "a:1", "a:2")], [employee("e1", "a:2", "a:3")]];
    expect(findChanges(before, after, everybodyIsRead)).toEqual(none);
  });

  it("whose individuals were several employees' is merged, and is told once, not as one who moved as well", () => {
    const before = [employee("e1", "a:1", "d:9"), employee("e2", "b:2"), employee("e3", "c:3")];
    const after = [employee("e1", "a:1", "b:2", "c:3")];
    const merged = [{ employee_id: "e1", from: ["e1", "e2", "e3"] }];
    expect(findChanges(before, after, everybodyIsRead)).toEqual({ ...none, merged });
  });

  it("whose individuals are several employees' now is split, one of whom may have the id", () => {
    const before = [employee("e1", "a:1", "b:2", "c:3")];
    const after = [employee("e1", "a:1"), employee("e2", "b:2"), employee("e3", "c:3")];
    const split = [{ employee_id: "e1", into: ["e1", "e2", "e3"] }];
    expect(findChanges(before, after, everybodyIsRead)).toEqual({ ...none, split });
  });

  it("an individual is of its connection: the same id at another one is another", () => {
    const [before, after] = [[employee("e1", "a:1")], [employee("e2", "b:1")]];
    expect(findChanges(before, after, everybodyIsRead)).toEqual({ ...none, joined: ["e2"], left: ["e1"] });
  });
});

describe("what is remembered for the next roster", () => {
  it("is this one, where everybody was read", () => {
    const [before, after] = [[employee("e1", "a:1"), employee("e2", "a:2")], [employee("e1", "a:1")]];
    expect(rememberClusters(before, after, everybodyIsRead)).toEqual(after);
  });

  it("is who was not read as well: with their employee if that is there still, as employees of their own if not", () => {
    const before = [employee("e1", "a:1", "b:1"), employee("e2", "b:2", "c:2"), employee("e3", "c:3")];
    const after = [employee("e1", "a:1"), employee("e4", "a:4")];
    const remembered = [employee("e1", "a:1", "b:1"), employee("e4", "a:4"), employee("e2", "b:2")];
    expect(rememberClusters(before, after, isOf("b"))).toEqual(remembered);
  });

  it("has nobody twice: who was read after all is where this roster has them", () => {
    const before = [employee("e1", "b:1"), employee("e2", "b:2", "b:3")];
    const after = [employee("e9", "b:1", "b:2")];
    expect(rememberClusters(before, after, isOf("b"))).toEqual([employee("e9", "b:1", "b:2"), employee("e2", "b:3")]);
  });
});

describe("the changes in an event", () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `e${at}`);
  const merged = (count: number, parts: number) => ids(count).map((id) => ({ employee_id: id, from: ids(parts) }));
  const split = (count: number, parts: number) => ids(count).map((id) => ({ employee_id: id, into: ids(parts) }));
  const most: Changes = {
    ...{ joined: ids(200), left: ids(200), moved: ids(200) },
    ...{ merged: merged(200, 10), split: split(200, 10) },
  };
  const counts = { joined: 200, left: 200, moved: 200, merged: 200, split: 200 };

  it("are all there up to 200 of each kind and ten of each part", () => {
    expect(countChanges(most)).toEqual(counts);
    expect(tellChanges(most)).toEqual({ counts, ...most, truncated: false });
    expect(tellChanges(none)).toMatchObject({ ...none, truncated: false });
  });

  it.each<Partial<Changes>>([
    { joined: ids(201) },
    { left: ids(201) },
    { moved: ids(201) },
    { merged: merged(201, 10) },
    { split: split(201, 10) },
  ])("are cut beyond that, counted whole, and say so: %#", (changes) => {
    const [[kind = "", all = []] = []] = Object.entries(changes);
    const told = tellChanges({ ...most, ...changes });
    expect(told).toEqual({ counts: { ...counts, [kind]: 201 }, ...most, [kind]: all.slice(0, 200), truncated: true });
  });

  it("name ten at most whom one was merged from or split into", () => {
    expect(tellChanges({ ...none, merged: merged(1, 11) })).toMatchObject({ merged: merged(1, 10), truncated: true });
    expect(tellChanges({ ...none, split: split(1, 11) })).toMatchObject({ split: split(1, 10), truncated: true });
  });
});
