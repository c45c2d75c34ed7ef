import { describe, expect, it } from "vitest";
import type { SessionEnd } from "#shared/connection/connect-session.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import { aClaim, aConnection, newCustomerId, withAnotherToken } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import { type OpenedStores, readBack } from "./opened-stores.ts";

/** What a store of connections promises of a claim that it refuses: why, and that nothing has changed. */
export const describeRefusedClaims = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection, anExchangingSession } = createClaimSetting(stores);
  const completed: SessionEnd = { status: "completed", outcome: "connected" };

  /** Claims, and holds the refusal and everything stored against what they should be. */
  const expectRefusal = async (claim: Claim, refusal: ClaimRefusal, also: readonly Claim[] = []) => {
    const look = () => Promise.all([claim, ...also].map((each) => readBack(stores(), each)));
    const before = await look();
    expect(await stores().connections.claim(claim)).toEqual({ ok: false, refusal });
    expect(await look()).toEqual(before);
  };

  describe("refused claims", () => {
    it("refuses a connection that another customer owns, and says who does", async () => {
      const owned = await aClaimedConnection();
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const { connectionId } = owned.connection;
      const claim = aClaim(aConnection({ customerId, connectionId }), { ending: { session, end: completed } });
      await expectRefusal(claim, { reason: "owned_elsewhere", owner: owned.connection.customerId }, [owned]);
    });

    it("refuses a connection that another customer holds", async () => {
      const held = await aClaimedConnection({ heldReason: "customer_mismatch" });
      const { connectionId } = held.connection;
      const claim = aClaim(aConnection({ customerId: await aKnownCustomer(), connectionId }));
      await expectRefusal(claim, { reason: "owned_elsewhere", owner: held.connection.customerId }, [held]);
    });

    it("refuses a later version of a connection that another customer owns", async () => {
      const owned = await aClaimedConnection();
      const stolen = withAnotherToken({ ...owned.connection, customerId: await aKnownCustomer() });
      const claim = aClaim(stolen);
      await expectRefusal(claim, { reason: "owned_elsewhere", owner: owned.connection.customerId }, [owned]);
    });

    it("refuses a connection as new that the customer has, and gives it as it stands", async () => {
      const { connection } = await aClaimedConnection();
      const { customerId, connectionId } = connection;
      const claim = aClaim(aConnection({ customerId, connectionId }));
      await expectRefusal(claim, { reason: "connection_changed", connection });
    });

    it("refuses a change of a connection that has changed meanwhile, and gives it as it stands", async () => {
      const first = await aClaimedConnection();
      const second = aClaim(withAnotherToken(first.connection));
      await stores().connections.claim(second);
      const claim = aClaim(withAnotherToken(first.connection));
      await expectRefusal(claim, { reason: "connection_changed", connection: second.connection }, [second]);
    });

    it("refuses a change of a connection that is not there", async () => {
      const claim = aClaim(withAnotherToken(aConnection({ customerId: await aKnownCustomer() })));
      await expectRefusal(claim, { reason: "connection_changed", connection: undefined });
    });

    it.each([
      ["new", true],
      ["held", false],
    ])("refuses a %s connection of a customer whom nobody knows", async (_, takesIntoUse) => {
      const customerId = newCustomerId();
      const claim = aClaim(aConnection({ customerId }), { takesIntoUse });
      await expectRefusal(claim, { reason: "customer_unknown", customerId });
      await expectRefusal({ ...claim, incarnation: "first" }, { reason: "customer_unknown", customerId });
    });

    it.each([true, false])("refuses a customer of another incarnation (takes into use: %s)", async (takesIntoUse) => {
      const customerId = await aKnownCustomer();
      const claim = aClaim(aConnection({ customerId }), { takesIntoUse, incarnation: "former" });
      await expectRefusal(claim, { reason: "customer_unknown", customerId });
    });

    it("refuses a second connection of a customer in mode single", async () => {
      const customerId = await aKnownCustomer("single");
      const first = await aClaimedConnection({ customerId });
      const session = await anExchangingSession(customerId);
      const claim = aClaim(aConnection({ customerId }), { incarnation: "first", ending: { session, end: completed } });
      await expectRefusal(claim, { reason: "connection_limit" }, [first]);
    });

    it("refuses to take a held connection into use beside another in mode single", async () => {
      const customerId = await aKnownCustomer("single");
      await aClaimedConnection({ customerId });
      const held = await aClaimedConnection({ customerId, heldReason: "acceptance_required" });
      const inUse = withAnotherToken({ ...held.connection, heldReason: null });
      await expectRefusal(aClaim(inUse, { takesIntoUse: true }), { reason: "connection_limit" }, [held]);
    });

    it.each(["open", "completed", "cancelled"] as const)("refuses to end a session that is %s", async (status) => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId, { status });
      const claim = aClaim(aConnection({ customerId }), { ending: { session, end: completed } });
      await expectRefusal(claim, { reason: "session_changed", session });
      expect(await stores().connections.claim({ ...claim, ending: undefined })).toMatchObject({ ok: true });
    });

    it("refuses to end a session that has begun again, and tells how it stands", async () => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const former = { ...session, version: session.version - 1 };
      const claim = aClaim(aConnection({ customerId }), { ending: { session: former, end: completed } });
      await expectRefusal(claim, { reason: "session_changed", session });
      expect(await stores().connections.claim({ ...claim, ending: { session, end: completed } })).toMatchObject({
        ok: true,
      });
    });

    it("refuses a token that it has, whatever else is amiss", async () => {
      const claim = await aClaimedConnection();
      await expectRefusal(claim, { reason: "token_stored" });
      const again = aClaim({ ...claim.connection, version: 9 }, { incarnation: "former", events: [] });
      await expectRefusal(again, { reason: "token_stored" });
    });

    it("changes nothing if one of the events cannot be stored", async () => {
      const other = await aClaimedConnection();
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const claim = aClaim(aConnection({ customerId }), { ending: { session, end: completed } });
      const events = [...claim.events, ...other.events];
      await expectRefusal({ ...claim, events }, { reason: "contention" });
    });

    it.each<[ClaimRefusal["reason"], Partial<Claim>]>([
      ["owned_elsewhere", { incarnation: "former" }],
      ["customer_unknown", { incarnation: "former" }],
      ["session_changed", {}],
    ])("names %s before what else is amiss", async (reason, changes) => {
      const customerId = await aKnownCustomer();
      const owned = await aClaimedConnection();
      const session = await anExchangingSession(customerId, { status: "completed" });
      const { connectionId } = reason === "owned_elsewhere" ? owned.connection : aConnection();
      const claim = aClaim(aConnection({ customerId, connectionId }), {
        ending: { session, end: completed },
        ...changes,
      });
      const refused = await stores().connections.claim({ ...claim, events: owned.events });
      expect(refused).toMatchObject({ ok: false, refusal: { reason } });
    });
  });
};
