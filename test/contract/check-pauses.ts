import { afterAll, describe, expect, it } from "vitest";
import { afterNoon, minute, noon } from "../support/builders.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** What a store promises of the sweep's pause. There is one in a table. */
export const describeCheckPauses = (stores: () => OpenedStores): void => {
  // Whoever else uses the table is not to be kept waiting.
  afterAll(() => stores().checkPauses.resume(undefined));

  describe("a pause of the sweep of checks", () => {
    it("is what was decided last, until it is ended", async () => {
      const { checkPauses } = stores();
      await checkPauses.resume(undefined);
      expect((await checkPauses.find()).pause).toBeUndefined();
      for (const pause of [
        { reason: "platform_trouble", until: noon },
        { reason: "rate_limited", until: afterNoon(1) },
        { reason: "too_many_undecided", until: afterNoon(2) },
        { reason: "too_many_in_trouble", until: afterNoon(minute) },
      ] as const) {
        await checkPauses.pause(pause);
        expect((await checkPauses.find()).pause).toEqual(pause);
      }
      await checkPauses.resume(undefined);
      expect((await checkPauses.find()).pause).toBeUndefined();
    });

    it("ends with trust, which a later pause and a later end leave as it is", async () => {
      const { checkPauses } = stores();
      const trustedUntil = new Date("2020-02-03T04:05:06.000Z");
      const pause = { reason: "too_many_in_trouble", until: noon } as const;
      await checkPauses.pause(pause);
      await checkPauses.resume(trustedUntil);
      expect(await checkPauses.find()).toEqual({ pause: undefined, trustedUntil });
      await checkPauses.pause(pause);
      expect(await checkPauses.find()).toEqual({ pause, trustedUntil });
      await checkPauses.resume(undefined);
      expect(await checkPauses.find()).toEqual({ pause: undefined, trustedUntil });
    });
  });
};
