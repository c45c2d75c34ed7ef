/** How a connection's people are read, whatever Finch answers. */
import { describe, expect, it } from "vitest";
import { ann, bea, carl, createRosterSetting, dora, nobody } from "./setting.ts";
import { createReadingStage, everybody } from "./stages.ts";

describe("a connection's people", () => {
  it("are read page by page, each page of all three", async () => {
    const { readAll, asked } = await createReadingStage();
    const { read, entity, waited } = await readAll();
    expect(read).toMatchObject({ state: "complete", itemErrorCount: 0, leaseUntil: null });
    expect(entity).toMatchObject({ state: "complete", pages: 3, people: 5 });
    const page = ["readDirectory", "readIndividuals", "readEmployments"];
    expect(asked.map(({ read: each }) => each)).toEqual([...page, ...page, ...page]);
    expect(waited).toEqual([]);
  });

  it.each([
    ["the first", 0],
    ["the last", 4],
  ])("go on behind who has no usable id, %s", async (_, at) => {
    const { connection, hire, readAll } = await createReadingStage();
    hire(connection, everybody.with(at, { ...ann, id: nobody }));
    const { read, entity, waited } = await readAll();
    expect([read.state, entity.people, waited]).toEqual(["complete", 5, []]);
  });

  it("are asked for of nobody where a whole page has no usable id", async () => {
    const { connection, hire, readAll, asked } = await createReadingStage();
    hire(connection, [ann, bea, { ...carl, id: nobody }, { ...dora, id: nobody }, carl]);
    const { read } = await readAll();
    expect(read.state).toBe("complete");
    expect(asked.map(({ read: each }) => each).filter((each) => each !== "readDirectory")).toHaveLength(4);
  });

  it("are waited for while Finch fetches them, and are never nobody meanwhile", async () => {
    const { readAll, instead } = await createReadingStage();
    for (let n = 0; n < 8; n += 1) instead.push({ read: "readDirectory", answer: { kind: "not_ready" } });
    const { read, entity, waited } = await readAll();
    expect(waited).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800]);
    expect([read.state, entity.people, entity.notReadySince]).toEqual(["complete", 5, null]);
  });

  it("are given up when Finch has not fetched them in a day", async () => {
    const { readAll, instead, asked } = await createReadingStage();
    for (let n = 0; n < 100; n += 1) instead.push({ read: "readDirectory", answer: { kind: "not_ready" } });
    const { read, entity } = await readAll();
    expect([read.state, entity.reason]).toEqual(["failed", "not_ready"]);
    const [first, last] = [asked[0]?.at.getTime() ?? 0, asked.at(-1)?.at.getTime() ?? 0];
    expect((last - first) / 3_600_000).toBeGreaterThanOrEqual(24);
    expect((last - first) / 3_600_000).toBeLessThan(25);
  });

  it("wait for their turn within Finch's limits as long as it takes, which is no try", async () => {
    const { readAll, instead } = await createReadingStage();
    const answer = { kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 40 } as const;
    for (let n = 0; n < 30; n += 1) instead.push({ read: "readDirectory", answer });
    const { read, waited } = await readAll();
    expect(waited).toEqual(Array.from({ length: 30 }, () => 40));
    expect(read.state).toBe("complete");
  });

  it("are tried twelve times where Finch does not answer", async () => {
    const { readAll, instead, asked } = await createReadingStage();
    for (let n = 0; n < 40; n += 1) {
      instead.push({ read: "readIndividuals", answer: { kind: "undecided", reason: "unreachable" } });
    }
    const { read, entity } = await readAll();
    expect([read.state, entity.state, entity.reason]).toEqual(["failed", "failed", "finch_unreachable"]);
    expect(asked.filter(({ read: each }) => each === "readIndividuals")).toHaveLength(12);
  });

  it("have a failed entity where the customer is needed, and the connection is looked at", async () => {
    const { readAll, instead, checksAsked, connection } = await createReadingStage();
    instead.push({ read: "readEmployments", answer: { kind: "needs_customer" } });
    const { entity } = await readAll();
    expect([entity.state, entity.reason]).toEqual(["failed", "reauthentication_required"]);
    expect(checksAsked).toMatchObject([{ connectionId: connection.connectionId, reason: "call" }]);
  });

  it.each(["readIndividuals", "readEmployments"] as const)("stand on the others where %s has none", async (which) => {
    const { readAll, missing, asked } = await createReadingStage();
    missing.add(which);
    const { read, entity } = await readAll();
    expect([read.state, entity.people]).toEqual(["complete", 5]);
    expect(Object.values(entity.missing)).toEqual(["not_supported"]);
    expect(asked.filter(({ read: each }) => each === which)).toHaveLength(1);
  });

  it("are nobody without a directory", async () => {
    const { readAll, missing } = await createReadingStage();
    missing.add("readDirectory");
    const { read, entity } = await readAll();
    expect([read.state, entity.reason]).toEqual(["failed", "not_supported"]);
  });

  it("are asked for again where Finch does not tell of some just now, those only; then they are listed", async () => {
    const { readAll, untold, asked } = await createReadingStage();
    untold.set("ann-1", { times: 1, passes: true });
    untold.set("carl-1", { times: 99, passes: true });
    untold.set("dora-1", { times: 99, passes: false });
    const { read, waited } = await readAll();
    expect(read).toMatchObject({ state: "incomplete", itemErrorCount: 4 });
    const errors = read.itemErrors.map(({ individualId, product, error }) => `${individualId} ${product} ${error}`);
    expect(errors.toSorted()).toEqual([
      "carl-1 employment individual_error",
      "carl-1 individual individual_error",
      "dora-1 employment individual_error",
      "dora-1 individual individual_error",
    ]);
    expect(waited).toHaveLength(1 + 3 + 3);
    expect(asked.length).toBe(9 + 7);
  });

  it("keep 50 errors of single people, and count the others", async () => {
    const setting = await createRosterSetting({ pageSize: 100 });
    const persons = Array.from({ length: 60 }, (_, at) => ({ ...ann, id: `person-${at}` }));
    const { connectionId } = await setting.employ(persons);
    for (const { id } of persons) setting.untold.set(id, { times: 99, passes: false });
    const roster = await setting.start();
    await setting.plan(roster);
    await setting.read(roster, connectionId);
    const [read] = await setting.reads(roster);
    expect([read?.itemErrors.length, read?.itemErrorCount]).toEqual([50, 120]);
  });
});
