/** What becomes of a webhook on its way from the queue: doubles, connections that nobody has, and how often it waits. */
import { describe, expect, it } from "vitest";
import { answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { mostParkedInAnHour } from "#shared/connection/webhook-ports.ts";
import { minute, newConnectionId } from "../../support/builders.ts";
import { countRoundTrips } from "../../support/count-round-trips.ts";
import { createCheckSetting, rateLimited, says, signedOut } from "./check-setting.ts";

/** A connection with one token, or with several, and webhooks about it. */
const createWebhookSetting = async (...entityIds: readonly (readonly string[])[]) => {
  const setting = await createCheckSetting(...entityIds);
  const { connectionId, deps, now } = setting;
  const webhook = (changes: Partial<CheckRequest> = {}): CheckRequest => ({
    customerId: undefined,
    connectionId,
    reason: "webhook",
    askedAt: now(),
    finchEventId: "msg_1",
    ...changes,
  });
  return { ...setting, webhook, answer: answerCheckRequest(deps) };
};

describe("a webhook about a connection", () => {
  it("makes Perch look, and is marked as seen in the write of what it found", async () => {
    const { finchSays, webhook, answer, stored, memory, told } = await createWebhookSetting();
    finchSays(signedOut);
    expect(await answer(webhook())).toBe("looked");
    expect((await stored()).finchStatus).toBe("reauth");
    expect([...memory.seenWebhooks]).toEqual(["msg_1"]);
    expect(told().map(([type]) => type)).toContain("ReauthenticationRequired");
  });

  it("does what follows from its look when it comes again, in case it died on the way", async () => {
    const { finchSays, webhook, deps, stored } = await createWebhookSetting();
    finchSays(says());
    const followed: unknown[] = [];
    const dies = async () => {
      throw new Error("the function has died");
    };
    await expect(answerCheckRequest({ ...deps, afterLook: dies })(webhook())).rejects.toThrow("has died");
    const again = answerCheckRequest({ ...deps, afterLook: async (connection) => void followed.push(connection) });
    expect([await again(webhook()), followed]).toEqual(["seen_before", [await stored()]]);
  });

  it("has no second effect when it comes again, be it later or at once", async () => {
    const { finchSays, webhook, answer, asked, advance, stored } = await createWebhookSetting();
    finchSays(says());
    await answer(webhook());
    const before = await stored();
    advance(minute);
    expect([await answer(webhook()), await answer(webhook())]).toEqual(["seen_before", "seen_before"]);
    expect([asked().length, await stored()]).toEqual([1, before]);
    expect(await answer(webhook({ finchEventId: "msg_2" }))).toBe("looked");
  });

  it("is answered by a look that began after it came, without asking Finch", async () => {
    const { finchSays, webhook, answer, asked, advance } = await createWebhookSetting();
    finchSays(says());
    const late = webhook({ finchEventId: "msg_late" });
    advance(minute);
    await answer(webhook());
    expect([await answer(late), asked().length]).toEqual(["answered_before", 1]);
  });

  it.each([["Finch does not decide", rateLimited]])(
    "is not marked where it had no effect, so that it may have it when it comes again: %s",
    async (_, trouble) => {
      const { finchSays, webhook, answer, memory, stored } = await createWebhookSetting();
      finchSays(trouble);
      expect(await answer(webhook())).toBe("undecided");
      expect(memory.seenWebhooks.size).toBe(0);
      finchSays(signedOut);
      expect([await answer(webhook()), (await stored()).finchStatus]).toEqual(["looked", "reauth"]);
    },
  );

  it("is not marked where the process dies before the write", async () => {
    const { finchSays, webhook, deps, memory, stored } = await createWebhookSetting();
    finchSays(signedOut);
    const dying = { ...deps, connections: { ...deps.connections, replace: () => Promise.reject(new Error("died")) } };
    await expect(answerCheckRequest(dying)(webhook())).rejects.toThrow("died");
    expect(memory.seenWebhooks.size).toBe(0);
    expect([await answerCheckRequest(deps)(webhook()), (await stored()).finchStatus]).toEqual(["looked", "reauth"]);
  });

  it("waits five times one after the other, and no more: for a first look, a later one and a double", async () => {
    const { finchSays, webhook, deps, memory } = await createWebhookSetting(["e1"], ["e1", "e2"]);
    finchSays(says(), says({ products: ["company"] }));
    const count = async (request: CheckRequest) => {
      const { connections, webhooks, vault, finch } = deps;
      const counted = countRoundTrips({ connections, webhooks, vault, finch });
      const answer = await answerCheckRequest({ ...deps, ...counted.ports })(request);
      return { answer, trips: counted.trips };
    };
    memory.parked.clear();
    const { answer, trips } = await count(webhook());
    expect([answer, trips]).toEqual([
      "looked",
      [
        ["webhooks.hasSeen", "connections.findOwnership"],
        ["connections.find", "connections.findToken", "connections.findToken"],
        ["vault.open", "vault.open"],
        ["finch.introspect", "finch.introspect"],
        ["connections.replace"],
      ],
    ]);
    const [double, later, unknown] = [
      await count(webhook()),
      await count(webhook({ finchEventId: "msg_2", askedAt: new Date(deps.now().getTime() + minute) })),
      await count(webhook({ finchEventId: "msg_3", connectionId: newConnectionId() })),
    ];
    expect([double.answer, double.trips.length]).toEqual(["seen_before", 2]);
    expect([later.answer, later.trips.length]).toEqual(["looked", 5]);
    expect([unknown.answer, unknown.trips.length]).toEqual(["parked", 2]);
    process.stdout.write(`a webhook is confirmed in ${trips.length} round trips, one after the other\n`);
  });
});

describe("a webhook about a connection that nobody has", () => {
  it("is parked, and forgotten with the first look at the connection", async () => {
    const { connectionId, memory, deps, webhook, finchSays, now } = await createWebhookSetting();
    const owner = memory.owners.get(connectionId) ?? expect.fail();
    memory.owners.delete(connectionId);
    const answer = answerCheckRequest(deps);
    expect([await answer(webhook()), await answer(webhook({ finchEventId: "msg_2" }))]).toEqual(["parked", "parked"]);
    expect(memory.parked.get(connectionId)?.count).toBe(2);
    expect(memory.seenWebhooks.size).toBe(0);
    memory.owners.set(connectionId, owner);
    finchSays(says());
    expect(await answer({ customerId: owner, connectionId, reason: "connected", askedAt: now() })).toBe("looked");
    expect(memory.parked.size).toBe(0);
    // The webhook comes again: what it was about was not marked, and is looked at once more.
    expect(await answer(webhook({ askedAt: new Date(now().getTime() + minute) }))).toBe("looked");
  });

  it("is dropped where an hour has enough of them, and nothing of it is kept", async () => {
    const { memory, answer, webhook } = await createWebhookSetting();
    for (let index = 0; index < mostParkedInAnHour; index += 1) {
      await answer(webhook({ connectionId: newConnectionId() }));
    }
    expect(memory.parked.size).toBe(mostParkedInAnHour);
    expect(await answer(webhook({ connectionId: newConnectionId() }))).toBe("not_parked");
    expect([memory.parked.size, memory.seenWebhooks.size]).toEqual([mostParkedInAnHour, 0]);
  });

  it("is dropped where the connection was disconnected", async () => {
    const { connectionId, memory, answer, webhook, now } = await createWebhookSetting();
    memory.owners.delete(connectionId);
    memory.tombstones.set(connectionId, { customerHash: "hash", disconnectedAt: now() });
    expect([await answer(webhook()), memory.parked.size]).toEqual(["void", 0]);
  });
});
