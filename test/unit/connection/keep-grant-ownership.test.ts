/** Whatever is true of owner, customer and session: where a token may land, and that none is lost silently. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { aDisconnect, aGrant, newConnectionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

it("never puts a token under anybody but the session's customer or the one that Finch names, nor takes a connection from its owner", async () => {
  const names = ["acme", "globex", "initech"] as const;
  const anOwner = fc.record({
    owner: fc.constantFrom(undefined, ...names),
    heldReason: fc.constantFrom(null, "customer_mismatch", "acceptance_required", "wrong_account"),
    disconnecting: fc.boolean(),
    reauthenticates: fc.constantFrom("no", "this one", "another"),
    requireAcceptance: fc.boolean(),
    named: fc.constantFrom(null, "unknown", ...names),
    mode: fc.constantFrom("single", "multiple"),
    othersOfAcme: fc.nat(1),
    acmeIsGone: fc.boolean(),
    sessionStatus: fc.constantFrom("exchanging", "failed", "completed", "cancelled"),
    clientType: fc.constantFrom("sandbox", "sandbox", "sandbox", "production"),
  });
  await fc.assert(
    fc.asyncProperty(anOwner, async ({ owner, heldReason, named, mode, othersOfAcme, acmeIsGone, ...rest }) => {
      const setting = createSetting();
      const { createCustomer, connect, openSession, memory, finch } = setting;
      const ids = {
        acme: await createCustomer("acme", mode as "single" | "multiple"),
        globex: await createCustomer("globex"),
        initech: await createCustomer("initech"),
        unknown: "unknown",
      };
      if (othersOfAcme > 0) await connect(ids.acme);
      const grant = aGrant({ customerId: named && ids[named], clientType: rest.clientType });
      const { connectionId } = grant;
      const ofOwner = { connectionId, heldReason, disconnect: rest.disconnecting ? aDisconnect() : null };
      const isFull = owner === "acme" && mode === "single" && othersOfAcme > 0;
      if (owner && !(isFull && heldReason === null && !rest.disconnecting)) await connect(ids[owner], ofOwner);
      const ownerBefore = memory.owners.get(connectionId);
      const tokensBefore = [...memory.tokens.keys()];
      const reauthenticates = { no: null, "this one": connectionId, another: newConnectionId() }[rest.reauthenticates];
      const { session, state } = await openSession(ids.acme, {
        reauthenticates: reauthenticates ?? null,
        requireAcceptance: rest.requireAcceptance,
      });
      finch.willAnswerExchange(async () => {
        if (acmeIsGone) memory.customers.delete(ids.acme);
        const exchanging = memory.sessions.get(session.sessionId) ?? expect.fail();
        memory.sessions.set(session.sessionId, { ...exchanging, status: rest.sessionStatus });
        return { kind: "granted", grant };
      });
      await setting.exchange(state);

      const added = [...memory.tokens].filter(([key]) => !tokensBefore.includes(key)).map(([, token]) => token);
      expect(added.length).toBeLessThanOrEqual(1);
      for (const token of added) {
        expect([ids.acme, named === null ? ids.acme : ids[named]]).toContain(token.customerId);
        expect(token.connectionId).toBe(connectionId);
        expect(memory.owners.get(connectionId)).toBe(token.customerId);
        if (token.customerId !== ids.acme) expect(ownerBefore).toBeUndefined();
        await setting.vault.open(token.sealed, token);
      }
      if (ownerBefore !== undefined) expect(memory.owners.get(connectionId)).toBe(ownerBefore);
      // Each connection is its owner's, and each of its tokens is there.
      for (const connection of memory.connections.values()) {
        expect(memory.owners.get(connection.connectionId)).toBe(connection.customerId);
        const ids = [...memory.tokens.values()]
          .filter((token) => token.connectionId === connection.connectionId)
          .map((token) => token.record.tokenId);
        expect(ids.toSorted()).toEqual(connection.tokens.map((token) => token.tokenId).toSorted());
      }
      const ended = memory.sessions.get(session.sessionId);
      if (rest.sessionStatus === "exchanging") expect(["completed", "failed"]).toContain(ended?.status);
      // Nothing is ever lost silently: the token is there, or the session says why not.
      if (added.length === 0 && rest.sessionStatus === "exchanging") expect(ended?.failureReason).not.toBeNull();
    }),
    { numRuns: 400 },
  );
});
