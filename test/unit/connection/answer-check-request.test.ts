/** What a request for a look reads and leaves alone, and what becomes of one that is about something else by now. */
import { describe, expect, it } from "vitest";
import { type AnswerCheckRequestDependencies, answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { TokenId } from "#shared/connection/identifiers.ts";
import { minute, newConnectionId, newTokenId } from "../../support/builders.ts";
import { createCheckSetting, says } from "./check-setting.ts";

const createStage = async (...entityIds: readonly (readonly string[])[]) => {
  const setting = await createCheckSetting(...entityIds);
  const { connectionId, customerId, connections, webhooks, memory } = setting;
  const [calls, followed]: [string[], Connection[]] = [[], []];
  const deps: AnswerCheckRequestDependencies = {
    ...setting.deps,
    afterLook: async (connection) => void followed.push(connection),
    connections: {
      ...connections,
      find: (...asked) => {
        calls.push("find");
        return connections.find(...asked);
      },
      findOwnership: (asked) => {
        calls.push("findOwnership");
        return connections.findOwnership(asked);
      },
      findToken: (...asked) => {
        calls.push("findToken");
        return connections.findToken(...asked);
      },
    },
    webhooks: {
      ...webhooks,
      hasSeen: (asked) => {
        calls.push("hasSeen");
        return webhooks.hasSeen(asked);
      },
    },
  };
  const own: CheckRequest = { customerId, connectionId, reason: "reported", askedAt: setting.now() };
  const answer = (changes: Partial<CheckRequest> = {}, dependencies = deps) =>
    answerCheckRequest(dependencies)({ ...own, ...changes });
  const webhook = { customerId: undefined, reason: "webhook", finchEventId: "msg_1" } as const;
  const remove = () => memory.connections.delete(`${customerId}#${connectionId}`);
  return { ...setting, deps, calls, followed, answer, webhook, remove };
};

describe("a request that names its customer", () => {
  it("reads the connection and its tokens, and nothing else", async () => {
    const { answer, calls, finchSays, followed, stored } = await createStage();
    finchSays(says());
    expect(await answer()).toBe("looked");
    // The first is read ahead for both who ask for it.
    expect(calls).toEqual(["find", "findToken"]);
    expect(followed).toEqual([await stored()]);
  });

  it("is void where that customer does not have the connection", async () => {
    const { answer, calls, followed } = await createStage();
    expect(await answer({ connectionId: newConnectionId() })).toBe("void");
    expect([calls, followed]).toEqual([["find"], []]);
  });

  it("is void for another life of the connection, and not for the one that it means", async () => {
    const { answer, before, finchSays, finch, followed } = await createStage();
    const calls = finch.calls.length;
    expect(await answer({ madeAt: new Date(before.createdAt.getTime() - 1) })).toBe("void");
    expect([finch.calls.length, followed]).toEqual([calls, []]);
    finchSays(says());
    expect(await answer({ madeAt: new Date(before.createdAt.getTime()) })).toBe("looked");
  });

  it("is void where the connection goes while Finch is asked", async () => {
    const { answer, deps, remove, followed } = await createStage();
    const introspect = async () => {
      remove();
      return says();
    };
    expect(await answer({}, { ...deps, finch: { introspect } })).toBe("void");
    expect(followed).toEqual([]);
  });

  it("stores what Finch says of the connection as it is by then, when it changed meanwhile", async () => {
    const { answer, deps, stored, connections } = await createStage();
    let asked = 0;
    const introspect = async () => {
      asked += 1;
      const now = await stored();
      if (asked === 1) await connections.replace({ ...now, label: "changed", version: now.version + 1 }, []);
      return says({ username: "said of it" });
    };
    expect(await answer({}, { ...deps, finch: { introspect } })).toBe("looked");
    expect(await stored()).toMatchObject({ label: "changed", username: "said of it" });
    expect(asked).toBe(2);
  });

  it.each([
    ["by its customer", false],
    ["by a webhook, which reads it ahead", true],
  ])("reads a token once more where it does not open: it may have gone meanwhile (%s)", async (_, isWebhook) => {
    const { answer, deps, finchSays, memory, vault, stored, webhook } = await createStage(["e1"], ["e2"]);
    finchSays(says({ products: ["payment"] }), says());
    const [key, newest] = [...memory.tokens.entries()].at(-1) ?? expect.fail();
    const open: typeof vault.open = (sealed, context) => {
      if (JSON.stringify(sealed) !== JSON.stringify(newest.sealed)) return vault.open(sealed, context);
      memory.tokens.delete(key);
      return Promise.reject(new Error("the secret is gone"));
    };
    expect(await answer(isWebhook ? webhook : {}, { ...deps, vault: { ...vault, open } })).toBe("looked");
    expect((await stored()).introspectedAt).not.toBeNull();
  });
});

describe("a look that settles a webhook", () => {
  it("forgets what was parked with the first look only", async () => {
    const { answer, deps, webhook, finchSays, now, advance } = await createStage();
    finchSays(says());
    const hints: unknown[] = [];
    const replace: typeof deps.connections.replace = (...asked) => {
      hints.push(asked[3]);
      return deps.connections.replace(...asked);
    };
    const noting = { ...deps, connections: { ...deps.connections, replace } };
    const first = now();
    await answer(webhook, noting);
    advance(minute);
    await answer({ ...webhook, finchEventId: "msg_2", askedAt: now() }, noting);
    expect(hints).toEqual([
      { finchEventId: "msg_1", unparks: true, now: first },
      { finchEventId: "msg_2", unparks: false, now: now() },
    ]);
  });

  it("does not mind a token that is not the connection's any more and cannot be read", async () => {
    const { answer, deps, webhook, finchSays, customerId, before } = await createStage();
    finchSays(says());
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    process.on("unhandledRejection", hear);
    const gone = newTokenId();
    const tokenIds: TokenId[] = [...before.tokens.map(({ tokenId }) => tokenId), gone];
    const findToken: typeof deps.connections.findToken = (...asked) =>
      asked[2] === gone ? Promise.reject(new Error("throttled")) : deps.connections.findToken(...asked);
    const findOwnership = async () => ({ customerId, tokenIds });
    const reading = { ...deps, connections: { ...deps.connections, findToken, findOwnership } };
    expect(await answer(webhook, reading)).toBe("looked");
    await new Promise((resolve) => setTimeout(resolve, 1));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });
});

describe("a double of a webhook", () => {
  it.each(["that nobody has", "that was disconnected", "of which only the owner's item is left"])(
    "about a connection %s has no effect",
    async (which) => {
      const { answer, webhook, memory, connectionId, remove, calls, followed, now } = await createStage();
      memory.seenWebhooks.add("msg_1");
      remove();
      if (which !== "of which only the owner's item is left") memory.owners.delete(connectionId);
      if (which === "that was disconnected") {
        memory.tombstones.set(connectionId, { customerHash: "hash", disconnectedAt: now() });
      }
      expect(await answer(webhook)).toBe("seen_before");
      expect(followed).toEqual([]);
      const isOwned = which === "of which only the owner's item is left";
      expect(calls).toEqual(["hasSeen", "findOwnership", ...(isOwned ? ["find"] : [])]);
    },
  );
});
