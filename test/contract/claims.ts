import { describe, expect, it } from "vitest";
import { endSession, type SessionEnd } from "#shared/connection/connect-session.ts";
import { aClaim, aConnection, afterNoon, minute, withAnotherToken } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import { ciphertextOf, type OpenedStores, readBack } from "./opened-stores.ts";

/** What a store of connections promises of a claim that nothing stands against. */
export const describeClaims = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection, anExchangingSession } = createClaimSetting(stores);
  const now = afterNoon(minute);
  const carriedOut = { ok: true, value: undefined };

  describe("claims", () => {
    it("stores connection, owner, token and event, counts the connection, and ends the session", async () => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const end: SessionEnd = { status: "completed", outcome: "connected" };
      const claim = aClaim(aConnection({ customerId }), { incarnation: "first", ending: { session, end }, now });
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);

      const { connection, token, events } = claim;
      const { connectionId } = connection;
      const stored = await readBack(stores(), claim);
      expect(stored).toEqual({
        owner: customerId,
        customer: expect.objectContaining({ connectionCount: 1 }),
        connection,
        token: { ...token, sealed: { ciphertext: expect.anything() } },
        session: endSession(session, end, { connectionId, tokenId: token.record.tokenId }, now),
        events,
      });
      expect(Buffer.from(ciphertextOf(stored.token)).equals(ciphertextOf(token))).toBe(true);
    });

    it("stores a connection of which little is known", async () => {
      const connection = aConnection({
        customerId: await aKnownCustomer(),
        companyId: null,
        entities: [{ id: "entity-1", name: null, sourceId: null, status: null }],
        authenticationMethods: [{ type: "assisted", status: null, products: [] }],
        username: null,
        lastSuccessfulSync: null,
        introspectedAt: null,
      });
      const claim = aClaim(connection);
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);
      expect(await readBack(stores(), claim)).toMatchObject({ connection });
    });

    it("adds a token to a connection that the customer has, and counts the connection once", async () => {
      const first = await aClaimedConnection();
      const claim = aClaim(withAnotherToken(first.connection));
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);
      expect(await readBack(stores(), claim)).toMatchObject({
        customer: { connectionCount: 1 },
        connection: claim.connection,
        token: { record: claim.token.record },
        events: claim.events,
      });
      const { token } = await readBack(stores(), first);
      expect(token?.record).toEqual(first.token.record);
    });

    it("holds a connection: it has an owner and does not count", async () => {
      const customerId = await aKnownCustomer("single");
      await aClaimedConnection({ customerId });
      const session = await anExchangingSession(customerId);
      const held = aConnection({ customerId, heldReason: "wrong_account" });
      const end: SessionEnd = { status: "failed", reason: "wrong_account" };
      const claim = aClaim(held, { takesIntoUse: false, ending: { session, end }, now });
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);
      expect(await readBack(stores(), claim)).toMatchObject({
        owner: customerId,
        customer: { connectionCount: 1 },
        connection: held,
        token: { record: claim.token.record },
        session: endSession(session, end, null, now),
        events: claim.events,
      });
    });

    it("takes a held connection into use, and counts it then", async () => {
      const first = await aClaimedConnection({ heldReason: "customer_mismatch" });
      expect((await readBack(stores(), first)).customer?.connectionCount).toBe(0);
      const inUse = withAnotherToken({ ...first.connection, heldReason: null });
      const claim = aClaim(inUse, { takesIntoUse: true });
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);
      expect(await readBack(stores(), claim)).toMatchObject({ connection: inUse, customer: { connectionCount: 1 } });
    });

    it("counts each connection of a customer", async () => {
      const customerId = await aKnownCustomer();
      for (const _ of [1, 2, 3]) await aClaimedConnection({ customerId });
      expect(await stores().customers.find(customerId)).toMatchObject({ connectionCount: 3 });
    });

    it("completes a session that was given up for failed meanwhile", async () => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const lost = { status: "failed", reason: "token_lost" } as const;
      await stores().sessions.end(session, { end: lost, token: null, now, events: [] });
      const end: SessionEnd = { status: "completed", outcome: "connected" };
      const failed = (await stores().sessions.find(session.sessionId)) ?? expect.fail();
      const claim = aClaim(aConnection({ customerId }), { ending: { session: failed, end }, now });
      expect(await stores().connections.claim(claim)).toEqual(carriedOut);
      const { connectionId } = claim.connection;
      expect(await stores().sessions.find(session.sessionId)).toEqual({
        ...endSession(session, end, { connectionId, tokenId: claim.token.record.tokenId }, now),
        // It ended twice.
        version: session.version + 2,
      });
    });

    it("lets a customer in mode single own its first connection, and add tokens to it", async () => {
      const customerId = await aKnownCustomer("single");
      const { connection } = await aClaimedConnection({ customerId });
      expect(await stores().connections.claim(aClaim(withAnotherToken(connection)))).toEqual(carriedOut);
      expect(await stores().customers.find(customerId)).toMatchObject({ connectionCount: 1 });
    });

    it("does not let what a caller changes afterwards into the store", async () => {
      const customerId = await aKnownCustomer();
      const products = ["company"];
      const connection = aConnection({ customerId });
      const ciphertext = Buffer.from("sealed");
      const { connectionId, tokens } = connection;
      const record = { ...(tokens[0] ?? expect.fail()), products };
      const claim = aClaim({ ...connection, tokens: [record] });
      await stores().connections.claim({
        ...claim,
        token: { customerId, connectionId, record, sealed: { ciphertext } },
      });
      products.push("ssn");
      ciphertext.fill(0);
      const stored = await readBack(stores(), claim);
      expect(stored.connection?.tokens[0]?.products).toEqual(["company"]);
      expect(Buffer.from(ciphertextOf(stored.token)).toString()).toBe("sealed");
    });
  });
};
