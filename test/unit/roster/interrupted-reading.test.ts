/** How a connection's people are read where a step dies, another one comes, or the connection or the run is over meanwhile. */
import { describe, expect, it } from "vitest";
import { readConnection } from "#shared/roster/read-connection.ts";
import { createReadingStage } from "./stages.ts";

describe("a connection's people", () => {
  it("go on where a step died, and are asked for once more at most", async () => {
    const { roster, request, deps, lease, asked, read, reads } = await createReadingStage();
    const dying = (left: number) => {
      let calls = left;
      const put: typeof deps.pages.put = (...all) => {
        calls -= 1;
        return calls < 0 ? Promise.reject(new Error("killed")) : deps.pages.put(...all);
      };
      return { ...deps, pages: { ...deps.pages, put } };
    };
    for (let left = 0; left < 4; left += 1) {
      await expect(readConnection(dying(left))(request, lease(), () => true)).rejects.toThrow("killed");
    }
    await read(roster, request.connectionId);
    const [found] = await reads(roster);
    expect(found).toMatchObject({ state: "complete", entities: [{ people: 5, pages: 3 }] });
    expect(asked.length).toBe(9 + 4);
  });

  it("are not read by two at a time: who comes second is told to come later", async () => {
    const { request, deps, lease } = await createReadingStage();
    let during: unknown;
    const readDirectory: typeof deps.people.readDirectory = async (...all) => {
      during ??= await readConnection({ ...deps })(request, lease(), () => false);
      return deps.people.readDirectory(...all);
    };
    const first = await readConnection({ ...deps, people: { ...deps.people, readDirectory } })(
      request,
      lease(),
      () => true,
    );
    expect([first.state, Object(during).state].toSorted()).toEqual(["more", "wait"]);
  });

  it("stop when time is over, and go on later", async () => {
    const { request, deps, lease, asked } = await createReadingStage();
    let turns = 2;
    const outcome = await readConnection(deps)(request, lease(), () => {
      turns -= 1;
      return turns >= 0;
    });
    expect(outcome).toEqual({ state: "more" });
    expect(asked).toHaveLength(2);
  });

  it("end with their connection", async () => {
    const { memory, readAll, acme, connection } = await createReadingStage();
    memory.connections.delete(`${acme}#${connection.connectionId}`);
    const read = await readAll().catch(() => undefined);
    expect(read).toBeUndefined();
    expect([...memory.rosterReads.values()]).toMatchObject([{ state: "failed", reason: "connection_ended" }]);
  });

  it("are read no further when the run ends meanwhile, and nobody has a lease then", async () => {
    const { rosters, roster, request, deps, lease, asked, reads } = await createReadingStage();
    const readIndividuals: typeof deps.people.readIndividuals = async (...all) => {
      await rosters.fail(roster, "internal_error", deps.now());
      return deps.people.readIndividuals(...all);
    };
    const ending = { ...deps, people: { ...deps.people, readIndividuals } };
    expect(await readConnection(ending)(request, lease(), () => true)).toMatchObject({ state: "wait" });
    expect(asked).toHaveLength(2);
    expect(await reads(roster)).toMatchObject([{ state: "reading", leaseUntil: null }]);
  });

  it("keep the lease of whoever reads them when another one comes as the run ends", async () => {
    const { rosters, roster, request, deps, lease, reads } = await createReadingStage();
    const until = lease();
    await readConnection(deps)(request, until, () => false);
    const [read] = await reads(roster);
    await rosters.replaceRead(roster, {
      ...(read ?? expect.fail()),
      version: (read?.version ?? 0) + 1,
      leaseUntil: until,
    });
    const findRead: typeof rosters.findRead = async (...all) => {
      const found = await rosters.findRead(...all);
      await rosters.fail(roster, "internal_error", deps.now());
      return found;
    };
    await readConnection({ ...deps, rosters: { ...rosters, findRead } })(request, lease(), () => true);
    expect((await reads(roster))[0]?.leaseUntil).toEqual(until);
  });

  it("are not read on where the run is over", async () => {
    const { rosters, roster, request, deps, lease, asked } = await createReadingStage();
    await rosters.fail(roster, "internal_error", deps.now());
    expect(await readConnection(deps)(request, lease(), () => true)).toEqual({ state: "done" });
    expect(asked).toEqual([]);
  });

  it("are given up where a step keeps failing", async () => {
    const { giveUp, roster, connection, reads } = await createReadingStage();
    await giveUp(roster, connection.connectionId);
    expect(await reads(roster)).toMatchObject([{ state: "failed", reason: "internal_error" }]);
  });
});
