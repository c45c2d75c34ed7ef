/** How a customer's pages are erased. */
import { describe, expect, it } from "vitest";
import { createErasePages } from "#shared/s3/erase-pages.ts";
import { newCustomerId } from "../../support/builders.ts";
import { aContext, createStage, page } from "./setting.ts";

describe("a page of people", () => {
  it("is erased with all others of its customer, and nobody else's", async () => {
    const { bucket, objects, vault } = createStage();
    const [mine, theirs] = [aContext(), { ...aContext(), customerId: newCustomerId() }];
    for (let at = 0; at < 60; at += 1) await vault().put(mine, `pages/${at}`, page);
    await vault().put(mine, "rosters/index", {});
    await vault().put(theirs, "pages/0", page);
    const erase = createErasePages(bucket);
    expect(await erase(mine.customerId)).toBe(false);
    expect(await erase(mine.customerId)).toBe(true);
    expect([...objects.keys()]).toEqual([`pages/${theirs.customerId}/${theirs.rosterId}/0`]);
  });

  it.each(["pages", "rosters"])(
    "is not erased while a list of %s has one, of which 25 at a time are deleted",
    async (life) => {
      const { customerId } = aContext();
      const left = new Set(Array.from({ length: 51 }, (_, at) => `${life}/${customerId}/r/${at}`));
      let [now, most] = [0, 0];
      const erase = createErasePages({
        list: async (prefix) => [...left].filter((key) => key.startsWith(prefix)),
        delete: async (key) => {
          now += 1;
          most = Math.max(most, now);
          await new Promise(setImmediate);
          now -= 1;
          left.delete(key);
        },
      });
      expect([await erase(customerId), left.size, most]).toEqual([false, 0, 25]);
      expect(await erase(customerId)).toBe(true);
    },
  );
});
