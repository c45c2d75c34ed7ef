import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { aConnection, afterNoon, anEmployer, minute } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of connections promises of what was read of their employers. */
export const describeKeptEmployers = (stores: () => OpenedStores): void => {
  const { aClaimedConnection } = createClaimSetting(stores);
  const find = ({ customerId, connectionId }: Connection) => stores().connections.find(customerId, connectionId);
  const employers = [
    anEmployer({ legalName: "Acme East LLC" }),
    anEmployer({ entityId: null, status: "not_ready", legalName: null, entityType: null, einLastFour: null }),
  ];

  describe("employers that are kept", () => {
    it("are all that is another of the connection, its version is not", async () => {
      const { connection } = await aClaimedConnection();
      expect(await stores().connections.keepEmployers(connection, employers)).toBe(true);
      expect(await find(connection)).toEqual({ ...connection, employers });
    });

    it("are not those of another version, of another life, or of a connection that is gone", async () => {
      const { connection } = await aClaimedConnection();
      for (const other of [
        { ...connection, version: connection.version + 1 },
        { ...connection, createdAt: afterNoon(-minute) },
        aConnection({ customerId: connection.customerId }),
      ]) {
        expect(await stores().connections.keepEmployers(other, employers)).toBe(false);
        expect(await find(other)).toEqual(other.connectionId === connection.connectionId ? connection : undefined);
      }
    });
  });
};
