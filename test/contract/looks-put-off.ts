import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { aConnection, aDisconnect, afterNoon, minute } from "../support/builders.ts";
import { createClaimSetting } from "./claim-setting.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store of connections promises of a look that Finch did not answer. */
export const describeLooksPutOff = (stores: () => OpenedStores): void => {
  const { aClaimedConnection } = createClaimSetting(stores);
  const find = ({ customerId, connectionId }: Connection) => stores().connections.find(customerId, connectionId);

  describe("a look that is put off", () => {
    const at = afterNoon(7 * minute);
    const isDue = async ({ connectionId }: Connection, before: Date) =>
      (await stores().due.checks(before, 10_000)).some((each) => each.connectionId === connectionId);

    it("is due then, and nothing else of the connection is another", async () => {
      const { connection } = await aClaimedConnection();
      expect(await stores().connections.postpone(connection, at)).toBe(true);
      expect(await find(connection)).toEqual({ ...connection, nextCheckAt: at });
      expect([await isDue(connection, afterNoon(7 * minute - 1)), await isDue(connection, at)]).toEqual([false, true]);
    });

    it("stays where it was when the connection is another version by now, or another life, or gone", async () => {
      const { connection } = await aClaimedConnection();
      for (const other of [
        { ...connection, version: connection.version + 1 },
        { ...connection, createdAt: afterNoon(-minute) },
        aConnection({ customerId: connection.customerId }),
      ]) {
        expect(await stores().connections.postpone(other, at)).toBe(false);
        expect(await find(other)).toEqual(other.connectionId === connection.connectionId ? connection : undefined);
      }
    });

    it("comes after a disconnect that is under way", async () => {
      const { connection } = await aClaimedConnection({ disconnect: aDisconnect({ nextAttemptAt: at }) });
      expect(await stores().connections.postpone(connection, afterNoon(minute))).toBe(true);
      expect(await find(connection)).toEqual({ ...connection, nextCheckAt: afterNoon(minute) });
      expect(await isDue(connection, at)).toBe(false);
    });
  });
};
