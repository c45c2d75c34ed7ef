/** The drive towards a disconnect: each answer of Finch, every token, and that nothing goes before Finch confirms. */
import { describe, expect, it } from "vitest";
import type { DisconnectAnswer } from "#shared/connection/finch-port.ts";
import { aGrant, minute } from "../../support/builders.ts";
import { createStage, disconnected, expectUntouched, invalid } from "./disconnect-setting.ts";

const hour = 60 * minute;

describe("a disconnect that Finch confirms", () => {
  it("leaves a tombstone and an event, and takes connection, tokens and count away", async () => {
    const stage = await createStage({ tokens: 2 });
    const { drive, finch, memory, connectionId, acme, events, customers, stored, destroyed, now } = stage;
    const sealed = [...memory.tokens.values()].map((token) => token.sealed);
    const version = ((await stored())?.version ?? 0) + 1;
    finch.willAnswerDisconnect(disconnected);
    expect(await drive()).toBe("confirmed");
    expect([memory.connections.size, memory.tokens.size, memory.owners.size]).toEqual([0, 0, 0]);
    expect(memory.tombstones.get(connectionId)).toEqual({ customerHash: "keyed-hash-of-acme", disconnectedAt: now() });
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 0 });
    expect(events().at(-1)).toMatchObject({
      type: "ConnectionDisconnected",
      subject: { id: connectionId, version },
      detail: { status: "disconnected" },
    });
    expect(destroyed).toEqual(sealed);
    expect(await drive()).toBe("nothing_to_do");
    expect(await stage.bring(acme, aGrant({ connectionId }))).toMatchObject({ outcome: "connected" });
  });

  it("asks once: the newest token's yes ends the connection", async () => {
    const { drive, finch, asked } = await createStage({ tokens: 3 });
    finch.willAnswerDisconnect(disconnected);
    await drive();
    expect(asked()).toBe(1);
  });

  it("asks with the connection's own tokens and no others", async () => {
    const { drive, finch, bring, acme, createCustomer, stored } = await createStage({ tokens: 2 });
    for (const customerId of [acme, await createCustomer("globex")]) await bring(customerId, aGrant());
    const own = (await stored())?.tokens.map(({ fingerprint }) => fingerprint) ?? [];
    finch.willAnswerDisconnect(invalid, disconnected);
    await expect(drive()).resolves.toBe("confirmed");
    const asked = finch.calls.flatMap((call) => (call.operation === "disconnect" ? [call.accessTokenHash] : []));
    expect(asked).toEqual(own.toReversed());
  });

  it("tries the older tokens when the newer ones are invalid", async () => {
    const { drive, finch, asked } = await createStage({ tokens: 3 });
    finch.willAnswerDisconnect(invalid, invalid, disconnected);
    expect(await drive()).toBe("confirmed");
    expect(asked()).toBe(3);
  });

  it("is gone already when every token is invalid", async () => {
    const { drive, finch, asked } = await createStage({ tokens: 2 });
    finch.willAnswerDisconnect(invalid, invalid);
    expect(await drive()).toBe("confirmed");
    expect(asked()).toBe(2);
  });

  it.each(["discarded", "connection_limit"] as const)(
    "does not count one out that was never in (%s)",
    async (reason) => {
      const { drive, finch, memory, acme, customers } = await createStage();
      for (const [key, connection] of memory.connections) {
        const disconnect = connection.disconnect && { ...connection.disconnect, reason };
        memory.connections.set(key, { ...connection, disconnect });
      }
      finch.willAnswerDisconnect(disconnected);
      expect(await drive()).toBe("confirmed");
      expect(await customers.find(acme)).toMatchObject({ connectionCount: 1 });
    },
  );
});

describe("a disconnect that Finch does not confirm", () => {
  it.each<readonly [DisconnectAnswer, ...DisconnectAnswer[]]>([
    [{ kind: "undecided", reason: "timeout" }],
    [{ kind: "undecided", reason: "rate_limited" }],
    [{ kind: "platform_trouble", reason: "client_secret" }],
    [invalid, { kind: "undecided", reason: "server_error" }],
    [{ kind: "undecided", reason: "unreachable" }, invalid],
  ])("keeps everything, and is due again: %j", async (...answers) => {
    const stage = await createStage({ tokens: answers.length });
    const { drive, finch, stored, now, events, asked } = stage;
    const told = events().length;
    const before = await stored();
    finch.willAnswerDisconnect(...answers);
    expect(await drive()).toBe("not_yet");
    expect(asked()).toBe(answers.length);
    await expectUntouched(stage, answers.length);
    const nextAttemptAt = new Date(now().getTime() + minute);
    expect(await stored()).toMatchObject({ disconnect: { attempts: 1, nextAttemptAt }, updatedAt: before?.updatedAt });
    expect(events()).toHaveLength(told);
  });

  it.each([
    [[], 0],
    [[invalid], 1],
  ] as const)("was not attempted where Finch could not be asked, after %j", async (answers, before) => {
    const stage = await createStage({ tokens: 2 });
    const { drive, finch, stored, now, asked } = stage;
    finch.willAnswerDisconnect(...answers, { kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 7 });
    expect(await drive()).toBe("not_asked");
    expect(asked()).toBe(before + 1);
    await expectUntouched(stage, 2);
    const nextAttemptAt = new Date(now().getTime() + 7_000);
    expect(await stored()).toMatchObject({ disconnect: { attempts: 0, nextAttemptAt } });
  });

  it("tries again after pauses that double up to six hours, for ever", async () => {
    const { drive, finch, stored, now, setNow } = await createStage();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) {
      finch.willAnswerDisconnect({ kind: "undecided", reason: "timeout" });
      await drive();
      const next = (await stored())?.disconnect?.nextAttemptAt ?? expect.fail();
      pauses.push(next.getTime() - now().getTime());
      setNow(next);
    }
    expect(pauses.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256].map((minutes) => minutes * minute));
    expect(new Set(pauses.slice(9))).toEqual(new Set([6 * hour]));
  });

  it("is not gone while one token has not been tried: its item is missing", async () => {
    const stage = await createStage({ tokens: 2 });
    const { drive, finch, memory, destroyed, stored } = stage;
    memory.tokens.delete([...memory.tokens.keys()][0] ?? "");
    finch.willAnswerDisconnect(invalid);
    expect(await drive()).toBe("not_yet");
    expect([(await stored())?.disconnect?.attempts, destroyed]).toEqual([1, []]);
    finch.willAnswerDisconnect(disconnected);
    expect(await drive()).toBe("confirmed");
  });
});

describe("a disconnect beside other changes", () => {
  it("keeps a token that came while Finch was asked, and ends the connection the next time", async () => {
    const stage = await createStage();
    const { drive, finch, memory, bring, acme, connectionId, destroyed } = stage;
    finch.willAnswerDisconnect(async () => {
      await bring(acme, aGrant({ connectionId }));
      return disconnected;
    });
    expect(await drive()).toBe("not_yet");
    expect([memory.tokens.size, destroyed]).toEqual([2, []]);
    finch.willAnswerDisconnect(invalid, invalid);
    expect(await drive()).toBe("confirmed");
    expect(memory.tokens.size).toBe(0);
  });

  it("is carried out once by two at the same time", async () => {
    const { drive, finch, events, customers, acme } = await createStage();
    finch.willAnswerDisconnect(disconnected, invalid);
    expect((await Promise.all([drive(), drive()])).toSorted()).toEqual(["confirmed", "not_yet"]);
    expect(events().filter(({ type }) => type === "ConnectionDisconnected")).toHaveLength(1);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 0 });
  });

  it("destroys nothing when the connection cannot be removed", async () => {
    const stage = await createStage();
    stage.finch.willAnswerDisconnect(disconnected);
    const remove = async () => {
      throw new Error("throttled");
    };
    const failing = { ...stage.deps, connections: { ...stage.connections, remove } };
    await expect(stage.drive(failing)).rejects.toThrow("throttled");
    await expectUntouched(stage, 1);
    stage.finch.willAnswerDisconnect(invalid);
    expect(await stage.drive()).toBe("confirmed");
  });

  it("does nothing to a connection whose disconnect nobody asked for", async () => {
    const stage = await createStage({ isAsked: false });
    expect(await stage.drive()).toBe("nothing_to_do");
    await expectUntouched(stage, 1);
    expect(stage.asked()).toBe(0);
  });
});
