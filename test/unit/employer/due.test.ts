import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { dueEntities } from "#shared/employer/due.ts";
import { followLook } from "#shared/employer/follow-look.ts";
import {
  aConnection,
  afterNoon,
  anEmployer,
  anEntityDisconnect,
  aTokenRecord,
  minute,
  noon,
} from "../../support/builders.ts";
import { entity } from "./setting.ts";

const hour = 60 * minute;
const day = 24 * hour;

describe("the employers that are due", () => {
  const of = (changes: Partial<Connection>, at = noon, staleBefore?: Date) =>
    dueEntities(aConnection(changes), at, staleBefore);

  it.each<[string, Partial<Connection>, Date, Date | undefined, readonly (string | null)[]]>([
    ["none that was read just now", {}, noon, undefined, []],
    ["one that was never read", { employers: [] }, noon, undefined, ["entity-1"]],
    ["one that is 30 days old", {}, afterNoon(30 * day), undefined, ["entity-1"]],
    ["not one of nearly 30 days", {}, afterNoon(30 * day - 1), undefined, []],
    [
      "one that was not ready six hours ago",
      { employers: [anEmployer({ status: "not_ready" })] },
      afterNoon(6 * hour),
      undefined,
      ["entity-1"],
    ],
    [
      "one whose customer may have signed in again",
      { employers: [anEmployer({ status: "reauthentication_required" })] },
      afterNoon(6 * hour),
      undefined,
      ["entity-1"],
    ],
    [
      "not one that the provider does not tell",
      { employers: [anEmployer({ status: "not_supported" })] },
      afterNoon(6 * hour),
      undefined,
      [],
    ],
    [
      "one that was read before the newest token came",
      { tokens: [aTokenRecord({ createdAt: afterNoon(1) })] },
      afterNoon(2),
      undefined,
      ["entity-1"],
    ],
    ["one that was read before Finch told of a change", {}, afterNoon(2), afterNoon(1), ["entity-1"]],
    [
      "not one that was read after that",
      { employers: [anEmployer({ readAt: afterNoon(2) })] },
      afterNoon(3),
      afterNoon(1),
      [],
    ],
    [
      "none of an entity that has ended",
      { employers: [], entities: [entity("entity-1", "disconnected")] },
      noon,
      undefined,
      [],
    ],
    [
      "none of an entity that is being ended",
      { employers: [], entityDisconnects: [anEntityDisconnect()] },
      noon,
      undefined,
      [],
    ],
    ["none of a held connection", { employers: [], heldReason: "acceptance_required" }, noon, undefined, []],
  ])("are %s", (_, changes, at, staleBefore, due) => {
    expect(of(changes, at, staleBefore)).toEqual(due);
  });
});

describe("what follows from a look", () => {
  const follow = async (connection: Connection, request?: CheckRequest) => {
    const messages: unknown[] = [];
    const marked: Connection[] = [];
    await followLook({
      now: () => afterNoon(minute),
      mark: async (each) => {
        marked.push(each);
        return each;
      },
      nudgeEmployerReads: async (...of) => {
        messages.push(of);
      },
    })(connection, request);
    expect(marked).toEqual([connection]);
    return messages;
  };
  const told = (connection: Connection, reason: CheckRequest["reason"]): CheckRequest => ({
    ...{ customerId: connection.customerId, connectionId: connection.connectionId, reason, askedAt: afterNoon(1) },
  });

  it("is a read of what is due, and of everything where the company has changed", async () => {
    const [fresh, old] = [aConnection(), aConnection({ employers: [] })];
    const { customerId, connectionId } = old;
    expect(await follow(fresh)).toEqual([]);
    expect(await follow(fresh, told(fresh, "webhook"))).toEqual([]);
    expect(await follow(old)).toEqual([[{ customerId, connectionId, staleBefore: undefined, attempt: 0 }, 0]]);
    expect(await follow(fresh, told(fresh, "company"))).toMatchObject([[{ staleBefore: afterNoon(1) }, 0]]);
  });
});
