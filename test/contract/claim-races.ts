import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import type { Result } from "#shared/result.ts";
import { aClaim, aConnection, aTokenRecord, newConnectionId, withAnotherToken } from "../support/builders.ts";
import { isEvent } from "../support/traces.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of connections promises to those who claim at the same time. */
export const describeClaimRaces = (stores: () => OpenedStores): void => {
  const { aKnownCustomer, aClaimedConnection, anExchangingSession } = createClaimSetting(stores);

  /** Claims, again as long as only contention stands in the way. */
  const claimUntilDecided = async (claim: Claim): Promise<Result<void, ClaimRefusal>> => {
    for (;;) {
      const claimed = await stores().connections.claim(claim);
      if (claimed.ok || claimed.refusal.reason !== "contention") return claimed;
    }
  };
  const reasonOf = (claimed: Result<void, ClaimRefusal>) => (claimed.ok ? "claimed" : claimed.refusal.reason);

  describe("racing claims", () => {
    it("gives one connection to one of two customers who claim it twenty times at once", async () => {
      const connectionId = newConnectionId();
      const racers = [await aKnownCustomer(), await aKnownCustomer()] as const;
      const claims = Array.from({ length: 20 }, (_, index) =>
        aClaim(aConnection({ customerId: racers[index % 2] as CustomerId, connectionId })),
      );
      const results = await Promise.all(claims.map(claimUntilDecided));
      const owner = await stores().findOwner(connectionId);
      const winner = results.findIndex((result) => result.ok);
      const winning = claims[winner];
      expect(winning?.connection.customerId).toBe(owner);
      claims.forEach(({ connection }, index) => {
        const expected =
          index === winner ? "claimed" : connection.customerId === owner ? "connection_changed" : "owned_elsewhere";
        expect(reasonOf(results[index] ?? expect.fail())).toBe(expected);
      });
      for (const customerId of racers) {
        const isOwner = customerId === owner;
        expect(await stores().connections.find(customerId, connectionId)).toEqual(
          isOwner ? winning?.connection : undefined,
        );
        expect(await stores().customers.find(customerId)).toMatchObject({ connectionCount: isOwner ? 1 : 0 });
      }
      for (const claim of claims) {
        const { token } = claim;
        const events = claim.events.filter(isEvent);
        const stored = await stores().connections.findToken(token.customerId, token.connectionId, token.record.tokenId);
        expect(stored?.record).toEqual(claim === winning ? token.record : undefined);
        expect(await stores().outbox.find(events[0]?.eventId ?? "")).toEqual(claim === winning ? events[0] : undefined);
      }
    });

    it("lets a customer in mode single own one of twenty connections claimed at once", async () => {
      const customerId = await aKnownCustomer("single");
      const claims = Array.from({ length: 20 }, () => aClaim(aConnection({ customerId })));
      const results = await Promise.all(claims.map(claimUntilDecided));
      const reasons = results.map(reasonOf).toSorted();
      expect(reasons).toEqual(["claimed", ...Array(19).fill("connection_limit")]);
      expect(await stores().customers.find(customerId)).toMatchObject({ connectionCount: 1 });
      const owners = await Promise.all(claims.map(({ connection }) => stores().findOwner(connection.connectionId)));
      expect(owners.filter((owner) => owner !== undefined)).toEqual([customerId]);
    });

    it("loses none of the tokens that are added at once", async () => {
      const { connection } = await aClaimedConnection();
      const { customerId, connectionId } = connection;
      const records = Array.from({ length: 8 }, () => aTokenRecord());
      await Promise.all(
        records.map(async (record) => {
          for (let latest = connection; ; ) {
            const claimed = await claimUntilDecided(aClaim(withAnotherToken(latest, record)));
            if (claimed.ok) return;
            if (claimed.refusal.reason !== "connection_changed") expect.fail(claimed.refusal.reason);
            latest = claimed.refusal.connection ?? expect.fail();
          }
        }),
      );
      const stored = await stores().connections.find(customerId, connectionId);
      const ids = (tokens: readonly { readonly tokenId: string }[] = []) =>
        tokens.map(({ tokenId }) => tokenId).toSorted();
      expect(ids(stored?.tokens)).toEqual(ids([...connection.tokens, ...records]));
      expect(stored?.version).toBe(connection.version + 8);
    });

    it("ends one session once, when two tokens come for it at the same time", async () => {
      const customerId = await aKnownCustomer();
      const session = await anExchangingSession(customerId);
      const ending = { session, end: { status: "completed", outcome: "connected" } } as const;
      const claims = [1, 2].map(() => aClaim(aConnection({ customerId }), { ending }));
      const results = await Promise.all(claims.map(claimUntilDecided));
      expect(results.map(reasonOf).toSorted()).toEqual(["claimed", "session_changed"]);
    });
  });
};
