/** The same token more than once, and claims whose answers are lost: it is stored once, and the caller learns of it. */
import { describe, expect, it } from "vitest";
import { type KeepGrantOptions, keepGrant } from "#shared/connection/keep-grant.ts";
import { secret } from "#shared/secret.ts";
import { aDisconnect, afterNoon, aGrant, minute, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const createStage = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const globex = await setting.createCustomer("globex");
  const incarnation = (await setting.customers.find(acme))?.incarnation ?? "";
  const claimant = { customerId: acme, incarnation, reauthenticates: null, requireAcceptance: false };
  const keep = (grant: ReturnType<typeof aGrant>, options: Partial<KeepGrantOptions> = {}, deps = setting.deps) =>
    keepGrant(deps, grant, { claimant, deadline: afterNoon(2 * minute), ...options });
  return { ...setting, acme, globex, claimant, keep };
};

describe("the same token again", () => {
  it("is stored once, whether it came by a session or was brought", async () => {
    const { bring, keep, acme, memory } = await createStage();
    const grant = aGrant();
    const ended = await bring(acme, grant);
    expect(await keep(grant)).toMatchObject({ how: "stored_before", tokenId: ended.tokenId });
    const again = await bring(acme, grant);
    expect(again).toMatchObject({ status: "completed", outcome: "known", tokenId: ended.tokenId });
    expect(memory.tokens.size).toBe(1);
    expect(memory.written.map(({ type }) => type)).toEqual(["ConnectionCreated"]);
  });

  it("is stored once when two bring it at the same moment", async () => {
    const { keep, memory } = await createStage();
    const grant = aGrant();
    const kept = await Promise.all(Array.from({ length: 8 }, () => keep(grant)));
    expect(kept.map(({ how }) => how).toSorted()).toEqual(["stored", ...Array(7).fill("stored_before")]);
    expect(memory.tokens.size).toBe(1);
  });

  it("fails a session that it would fail, though it is there", async () => {
    const { bring, connect, acme, events } = await createStage();
    const { connectionId } = await connect(acme, { disconnect: aDisconnect() });
    const grant = aGrant({ connectionId });
    for (const _ of [1, 2]) {
      expect(await bring(acme, grant)).toMatchObject({ failureReason: "connection_disconnecting", connectionId: null });
    }
    const failures = events().filter(({ type }) => type === "ConnectSessionFailed");
    expect(failures.map(({ detail }) => detail)).toEqual(
      [1, 2].map(() => ({ reason: "connection_disconnecting", connection_id: connectionId })),
    );
  });

  it("is another token for another customer: that one is dropped", async () => {
    const { keep, claimant, globex, memory } = await createStage();
    const grant = aGrant();
    await keep(grant);
    const other = await keep(grant, { claimant: { ...claimant, customerId: globex } });
    expect(other).toMatchObject({ how: "not_kept", decision: { reason: "connection_conflict" } });
    expect(memory.tokens.size).toBe(1);
  });
});

describe("a claim whose answer is lost", () => {
  it("is found to have been carried out, and is not carried out again", async () => {
    const { deps, keep, memory, connections, acme } = await createStage();
    let claims = 0;
    const claim: typeof connections.claim = async (asked) => {
      const claimed = await connections.claim(asked);
      claims += 1;
      if (claims < 3) throw new Error("the answer is lost");
      return claimed;
    };
    const grant = aGrant();
    const kept = await keep(grant, {}, { ...deps, connections: { ...connections, claim } });
    expect(kept.how).toBe("stored_before");
    expect([memory.tokens.size, memory.written.length]).toEqual([1, 1]);
    expect(await connections.find(acme, grant.connectionId)).toMatchObject({ version: nthVersion(1) });
  });

  it("that was not carried out is tried again with the same sealed token", async () => {
    const { deps, keep, connections, vault, memory } = await createStage();
    let seals = 0;
    const seal: typeof vault.seal = (...asked) => {
      seals += 1;
      return vault.seal(...asked);
    };
    let claims = 0;
    const claim: typeof connections.claim = async (asked) => {
      claims += 1;
      if (claims < 4) return { ok: false, refusal: { reason: "contention" } };
      return connections.claim(asked);
    };
    const failing = { ...deps, vault: { ...vault, seal }, connections: { ...connections, claim } };
    expect((await keep(aGrant(), {}, failing)).how).toBe("stored");
    expect([seals, claims, memory.tokens.size]).toEqual([1, 4, 1]);
  });
});

describe("a token for the customer that Finch names", () => {
  it("is sealed anew for that one, under an id of its own", async () => {
    const { keep, globex, memory, vault } = await createStage();
    const grant = aGrant({ customerId: globex });
    expect(await keep(grant)).toMatchObject({ how: "stored", connection: { heldReason: "customer_mismatch" } });
    const [token] = memory.tokens.values();
    expect(token).toMatchObject({ customerId: globex });
    expect((await vault.open(token?.sealed ?? expect.fail(), token ?? expect.fail())).reveal()).toBe(
      grant.accessToken.reveal(),
    );
  });

  it("is dropped when Perch has no such customer, and when that one has the connection by now", async () => {
    const { keep, globex, connect, memory } = await createStage();
    const unknown = await keep(aGrant({ customerId: "unknown" }));
    expect(unknown).toMatchObject({ how: "not_kept", decision: { reason: "customer_mismatch" } });
    const { connectionId } = await connect(globex);
    const conflict = await keep(aGrant({ customerId: globex, connectionId }));
    expect(conflict).toMatchObject({ how: "not_kept", decision: { reason: "connection_conflict" } });
    expect(memory.tokens.size).toBe(1);
  });

  it("is not sealed at all when the caller says no", async () => {
    const { keep, globex, deps, vault } = await createStage();
    const seal = async () => expect.fail("sealed");
    const kept = await keep(
      aGrant({ customerId: globex }),
      { mayKeep: ({ held }) => held === null },
      {
        ...deps,
        vault: { ...vault, seal },
      },
    );
    expect(kept).toMatchObject({ how: "not_kept", decision: { kind: "keep", held: "customer_mismatch" } });
  });
});

describe("a session's token", () => {
  it("that is longer than Perch takes is refused", async () => {
    const { keep, memory } = await createStage();
    const kept = await keep(aGrant({ accessToken: secret("x".repeat(5_000)) }));
    expect(kept).toMatchObject({ how: "not_kept", decision: { reason: "token_too_large" } });
    expect(memory.tokens.size).toBe(0);
  });

  it.each([
    [
      "the connection it signs in again",
      "this one",
      { status: "completed", outcome: "reconnected" },
      "ConnectionReconnected",
    ],
    [
      "another connection of the customer",
      "another",
      { status: "failed", failureReason: "wrong_account" },
      "ConnectionUpdated",
    ],
  ] as const)("is one more of %s", async (_, which, end, type) => {
    const { bring, connect, acme, connections, events } = await createStage();
    const [asked, other] = [await connect(acme, { finchStatus: "reauth" }), await connect(acme)];
    const { connectionId } = which === "this one" ? asked : other;
    expect(await bring(acme, aGrant({ connectionId }), { reauthenticates: asked.connectionId })).toMatchObject(end);
    expect((await connections.find(acme, connectionId))?.tokens).toHaveLength(2);
    expect(events()[2]?.type).toBe(type);
    // The old token stays in use.
    expect(await connections.find(acme, asked.connectionId)).toMatchObject({
      tokens: expect.arrayContaining([...asked.tokens]),
    });
  });

  it("is held when it signs in again what nobody owns, or is to be accepted first", async () => {
    const { bring, acme, connections, events, customers } = await createStage();
    const wrong = aGrant();
    const reauthenticates = aGrant().connectionId;
    expect(await bring(acme, wrong, { reauthenticates })).toMatchObject({ failureReason: "wrong_account" });
    const pending = aGrant();
    expect(await bring(acme, pending, { requireAcceptance: true })).toMatchObject({ outcome: "pending" });
    expect(await connections.find(acme, wrong.connectionId)).toMatchObject({ heldReason: "wrong_account" });
    expect(await connections.find(acme, pending.connectionId)).toMatchObject({ heldReason: "acceptance_required" });
    const status = { provider_id: "gusto", status: "held" };
    expect(events().map(({ type, detail }) => [type, detail])).toEqual([
      ["ConnectionHeld", { ...status, reason: "wrong_account" }],
      ["ConnectSessionFailed", { reason: "wrong_account", connection_id: wrong.connectionId }],
      ["ConnectionHeld", { ...status, reason: "acceptance_required" }],
    ]);
    expect(await customers.find(acme)).toMatchObject({ connectionCount: 0 });
  });
});
