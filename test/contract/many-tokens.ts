import { describe, expect, it } from "vitest";
import { discardConnection } from "#shared/connection/change-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { mostTokensAtOnce, shedTokens } from "#shared/connection/shed-tokens.ts";
import { aClaim, anEvent, aTokenRecord, withAnotherToken } from "../support/builders.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** A transaction takes 100 actions; somebody may connect more often than that before anybody asks Finch. */
export const describeManyTokens = (stores: () => OpenedStores): void => {
  const { aClaimedConnection } = createClaimSetting(stores);

  const withTokens = async (count: number, changes: Partial<Connection> = {}): Promise<Connection> => {
    let { connection } = await aClaimedConnection(changes);
    while (connection.tokens.length < count) {
      connection = withAnotherToken(connection, aTokenRecord());
      const claimed = await stores().connections.claim(aClaim(connection));
      if (!claimed.ok) throw new Error(`the claim was refused: ${claimed.refusal.reason}`);
    }
    return connection;
  };
  const storedTokens = async ({ customerId, connectionId, tokens }: Connection) => {
    const { connections } = stores();
    const found = tokens.map(({ tokenId }) => connections.findToken(customerId, connectionId, tokenId));
    return (await Promise.all(found)).filter((token) => token !== undefined);
  };
  const createDeps = () => {
    const destroyed: Sealed[] = [];
    const vault = { destroy: async (sealed: Sealed) => void destroyed.push(sealed) };
    return {
      ...createMemorySurroundings(),
      connections: stores().connections,
      marks: stores().marks,
      vault,
      destroyed,
    };
  };

  describe("a connection with more tokens than one write takes", () => {
    it("is not removed at once, and stays whole", async () => {
      const connection = await withTokens(101);
      const removal = { tombstone: null, counts: true, events: [anEvent(connection)] };
      await expect(stores().connections.remove(connection, removal)).rejects.toThrow();
      expect(await storedTokens(connection)).toHaveLength(101);
    });

    it("is discarded in steps, and nothing is left", async () => {
      const connection = await withTokens(2 * mostTokensAtOnce + 5, { heldReason: "customer_mismatch" });
      const sealed = (await storedTokens(connection)).map((token) => token.sealed);
      const deps = createDeps();
      expect(await discardConnection(deps)(connection.customerId, connection.connectionId)).toMatchObject({ ok: true });
      expect(await storedTokens(connection)).toEqual([]);
      expect(await stores().connections.find(connection.customerId, connection.connectionId)).toBeUndefined();
      expect(await stores().findOwner(connection.connectionId)).toBeUndefined();
      expect(deps.destroyed).toEqual(sealed);
    });

    it("goes on from where somebody died, and sheds nothing of one that was changed meanwhile", async () => {
      const connection = await withTokens(mostTokensAtOnce + 3);
      const deps = createDeps();
      expect(await shedTokens(deps, { ...connection, version: connection.version - 1 })).toBeUndefined();
      expect([await storedTokens(connection), deps.destroyed].map(({ length }) => length)).toEqual([83, 0]);
      const rest = await shedTokens(deps, connection);
      expect(rest?.tokens).toEqual(connection.tokens.slice(mostTokensAtOnce));
      expect(await stores().connections.find(connection.customerId, connection.connectionId)).toEqual(rest);
      expect(await storedTokens(connection)).toHaveLength(3);
      expect(rest && (await shedTokens(deps, rest))).toBe(rest);
    });
  });
};
