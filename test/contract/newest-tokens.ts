import { describe, expect, it } from "vitest";
import type { TokenId } from "#shared/connection/identifiers.ts";
import { aClaim, aTokenRecord, newConnectionId, withAnotherToken } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What is promised of a connection's tokens, read beside it. */
export const describeNewestTokens = (stores: () => OpenedStores): void => {
  const { aClaimedConnection } = createClaimSetting(stores);
  const idOf = (age: number) => `0198c0de-000${9 - age}-7000-8000-000000000000` as TokenId;

  describe("a connection's newest tokens", () => {
    it("are sealed as they were claimed, the newest first, five at most", async () => {
      let { connection } = await aClaimedConnection({ tokens: [aTokenRecord({ tokenId: idOf(6) })] });
      for (const age of [5, 4, 3, 2, 1]) {
        connection = withAnotherToken(connection, aTokenRecord({ tokenId: idOf(age) }));
        expect(await stores().connections.claim(aClaim(connection))).toMatchObject({ ok: true });
      }
      const found = await stores().findNewestTokens(connection.customerId, connection.connectionId);
      expect(found.map(({ record }) => record.tokenId)).toEqual([1, 2, 3, 4, 5].map(idOf));
      for (const token of found) {
        const { customerId, connectionId, record } = token;
        expect(token).toEqual(await stores().connections.findToken(customerId, connectionId, record.tokenId));
      }
    });

    it("are its own: not another connection's of the customer, nor another customer's", async () => {
      const { connection } = await aClaimedConnection();
      await aClaimedConnection({ customerId: connection.customerId });
      const { customerId, connectionId } = connection;
      const found = await stores().findNewestTokens(customerId, connectionId);
      expect(found.map((token) => token.connectionId)).toEqual([connectionId]);
      expect(await stores().findNewestTokens(customerId, newConnectionId())).toEqual([]);
      const { connection: others } = await aClaimedConnection();
      expect(await stores().findNewestTokens(others.customerId, connectionId)).toEqual([]);
    });
  });
};
