/** What is made of each answer to a read: what is stored, what is asked for again, and how long it is waited for. */
import { describe, expect, it } from "vitest";
import type { DirectoryEntry, NoPeople, People } from "#shared/roster/ports.ts";
import { readConnection } from "#shared/roster/read-connection.ts";
import { createReadingStage } from "./stages.ts";

const entry = (id: string): DirectoryEntry => ({
  ...{ id, first_name: null, middle_name: null, last_name: null, department: null, is_active: null },
});
/** A directory that tells of these, page by page, such as `1 2, 3`, and of how many there are. */
const directoryOf =
  (pages: string, count: number | undefined): People["readDirectory"] =>
  async (_, __, { offset, limit }) => {
    const ids = pages.split(", ")[offset / limit]?.match(/\S+/g) ?? [];
    return { kind: "page", people: ids.map(entry), told: ids.length, count };
  };

/** The reading stage with a Finch that answers otherwise, and tells what it was asked for. */
const stage = async (people: Partial<People> = {}) => {
  const setting = await createReadingStage();
  const batches: (readonly string[])[] = [];
  const base = setting.deps.people;
  setting.deps.people = {
    ...base,
    readIndividuals: (token, entityId, ids, withSsn) => {
      batches.push(ids);
      return base.readIndividuals(token, entityId, ids, withSsn);
    },
    ...people,
  };
  const object = (name: string): unknown => {
    const [, text = "null"] = [...setting.objects].find(([key]) => key.endsWith(name)) ?? [];
    return JSON.parse(text);
  };
  return { ...setting, batches, object };
};
/** Everybody's title is their id. */
const titles: People["readEmployments"] = async (_, __, ids) => ({
  kind: "batch",
  items: ids.map((individualId) => ({ individualId, kind: "told", body: { title: individualId } })),
});
const noIndividuals: Partial<People> = {
  readIndividuals: async () => ({ kind: "not_supported" }),
  readEmployments: titles,
};

describe("a directory", () => {
  it.each([
    ["ends with a page that is not full where Finch says no count", "1 2, 3", undefined, 2, 3, 2],
    ["ends with an empty page where the last one was full", "1 2", undefined, 1, 2, 2],
    ["ends where Finch says, though pages are full", "1 2, 3 4", 4, 2, 4, 2],
    ["ends where it tells more than Finch has said", "1 2, 3 4", 3, 2, 4, 2],
    ["of nobody has no page", "", 0, 0, 0, 1],
    ["of nobody has no page, where Finch says no count either", "", undefined, 0, 0, 1],
  ])("%s", async (_, pages, count, pageCount, people, requests) => {
    let asked = 0;
    const directory = directoryOf(pages, count);
    const readDirectory: typeof directory = (...all) => {
      asked += 1;
      return directory(...all);
    };
    const { readAll } = await stage({ ...noIndividuals, readDirectory });
    const { read, entity } = await readAll();
    expect([read.state, entity.pages, entity.people, asked]).toEqual(["complete", pageCount, people, requests]);
  });

  it("that says there are more and tells none of them is asked again, like one that cannot be read", async () => {
    const { readAll } = await stage({ ...noIndividuals, readDirectory: directoryOf("1 2", 3) });
    const { entity, waited } = await readAll();
    expect(entity).toMatchObject({ state: "failed", reason: "finch_unreadable", people: 2 });
    expect(waited).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800, 1_800]);
  });

  it("is stored as it is told, and asked for each of its ids once, without being read from there", async () => {
    const setting = await stage({
      ...{ readDirectory: directoryOf("ann-1 ann-1, bea-1 carl-1", 4), readEmployments: titles },
    });
    const { readAll, batches, object, deps } = setting;
    deps.pages.get = async () => expect.fail("what was just read is known");
    await readAll();
    expect(batches).toEqual([["ann-1"], ["bea-1", "carl-1"]]);
    expect(object("/0/0/directory")).toEqual([entry("ann-1"), entry("ann-1")]);
    expect(object("/0/1/individual")).toMatchObject({
      "bea-1": { individual: { first_name: "Beatrix" } },
      "carl-1": { individual: { first_name: "Carl" } },
    });
    expect(object("/0/1/employment")).toEqual({ "bea-1": { title: "bea-1" }, "carl-1": { title: "carl-1" } });
  });
});

describe("people whom Finch does not tell just now", () => {
  it("are asked for again three times, after longer and longer pauses, on each page anew", async () => {
    const { readAll, untold, batches, object } = await stage();
    untold.set("bea-1", { times: 2, passes: true });
    untold.set("carl-1", { times: 4, passes: true });
    const { read, entity, waited } = await readAll();
    const asked = batches.map((ids) => ids.join(" ")).join("; ");
    expect(asked).toBe("ann-1 bea-1; bea-1; bea-1; carl-1 dora-1; carl-1; carl-1; carl-1; eve-1");
    expect(waited).toEqual([30, 60, 30, 60, 120]);
    expect(Object.keys(Object(object("/0/0/individual")))).toEqual(["ann-1", "bea-1"]);
    expect(Object.keys(Object(object("/0/1/individual")))).toEqual(["dora-1"]);
    expect(read).toMatchObject({ state: "incomplete", itemErrorCount: 1 });
    expect(entity).toMatchObject({ state: "complete", untold: 0, itemTries: 0 });
  });

  it("are not waited for where none of them is told soon", async () => {
    const { readAll, untold, batches } = await stage();
    untold.set("ann-1", { times: 1, passes: false });
    const { read, waited } = await readAll();
    expect([read.itemErrorCount, waited, batches.length]).toEqual([1, [], 3]);
  });

  it("wait as people do, with how many they are", async () => {
    const { untold, deps, request, lease, reads, roster } = await stage();
    untold.set("ann-1", { times: 1, passes: true });
    untold.set("bea-1", { times: 1, passes: false });
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "wait", wait_seconds: 30 });
    const [read] = await reads(roster);
    const waitUntil = new Date(deps.now().getTime() + 30_000);
    expect(read?.entities).toMatchObject([{ waitingFor: "people", waitUntil, untold: 2, itemTries: 1, tries: 0 }]);
    expect(read).toMatchObject({ state: "reading", leaseUntil: null });
  });
});

describe("an answer that tells of nobody", () => {
  const answered = async (answer: NoPeople) => {
    const { instead, deps, request, lease, reads, roster } = await stage();
    instead.push({ read: "readDirectory", answer });
    const outcome = await readConnection(deps)(request, lease(), () => true);
    const [read] = await reads(roster);
    const [entity = expect.fail()] = read?.entities ?? [];
    const seconds = entity.waitUntil && (entity.waitUntil.getTime() - deps.now().getTime()) / 1_000;
    return { outcome, entity, seconds };
  };

  it.each<[NoPeople, string, number, number]>([
    [{ kind: "not_ready" }, "not_ready", 30, 1],
    [{ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 40 }, "budget", 40, 0],
    [{ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 900 }, "budget", 900, 0],
    [{ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 901 }, "budget", 900, 0],
    [{ kind: "undecided", reason: "timeout" }, "finch", 30, 1],
    [{ kind: "platform_trouble", reason: "payment_required" }, "finch", 30, 1],
  ])("%j is waited for as %s, %i seconds", async (answer, waitingFor, seconds, tries) => {
    const found = await answered(answer);
    expect(found.outcome).toEqual({ state: "wait", wait_seconds: seconds });
    expect([found.entity.waitingFor, found.seconds, found.entity.tries]).toEqual([waitingFor, seconds, tries]);
  });

  it("is no try any more once another was good", async () => {
    const { instead, readAll } = await stage();
    const answer = { kind: "undecided", reason: "timeout" } as const;
    for (const read of ["readDirectory", "readIndividuals"] as const) {
      for (let n = 0; n < 11; n += 1) instead.push({ read, answer });
    }
    const { read, entity } = await readAll();
    expect([read.state, entity.tries, entity.waitingFor, entity.waitUntil]).toEqual(["complete", 0, null, null]);
  });

  it("names what Finch said where it was tried twelve times", async () => {
    const { readAll } = await stage({
      readDirectory: async () => ({ kind: "platform_trouble", reason: "payment_required" }),
    });
    expect((await readAll()).entity).toMatchObject({ state: "failed", reason: "finch_payment_required" });
  });

  it.each(["not_permitted", "not_granted", "not_supported"] as const)(
    "%s is final for that product only",
    async (kind) => {
      const { readAll } = await stage({ readEmployments: async () => ({ kind }) });
      expect((await readAll()).entity).toMatchObject({ state: "complete", people: 5, missing: { employment: kind } });
    },
  );
});
