/** Pages of people: sealed for their customer and roster, each in its own place. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DataKeys } from "#shared/roster/ports.ts";
import { createPageVault } from "#shared/s3/page-vault.ts";
import { newCustomerId } from "../../support/builders.ts";
import { aContext, createStage, page } from "./setting.ts";

describe("a page of people", () => {
  it("comes back as it was, and shows nothing of it", async () => {
    const { vault, objects, keysMade } = createStage();
    const context = aContext();
    const one = vault();
    await one.put(context, "pages/c/0/0/individual", page);
    await one.put(context, "rosters/index", { pages: [] });
    expect(await vault().get(context, "pages/c/0/0/individual")).toEqual(page);
    expect(await vault().get(context, "pages/none")).toBeUndefined();
    expect([...objects.keys()]).toEqual([
      `pages/${context.customerId}/${context.rosterId}/c/0/0/individual`,
      `rosters/${context.customerId}/${context.rosterId}/index`,
    ]);
    expect(Buffer.concat([...objects.values()]).toString("latin1")).not.toMatch(/Okonkwo|1988/);
    expect(keysMade).toHaveLength(1);
  });

  it("opens for no other customer or roster, and in no other place", async () => {
    const { vault, objects } = createStage();
    const context = aContext();
    await vault().put(context, "pages/a", page);
    const [sealed = new Uint8Array()] = objects.values();
    for (const other of [
      { ...context, customerId: newCustomerId() },
      { ...context, rosterId: aContext().rosterId },
    ]) {
      objects.set(`pages/${other.customerId}/${other.rosterId}/a`, sealed);
      await expect(vault().get(other, "pages/a")).rejects.toThrow("InvalidCiphertextException");
    }
    objects.set(`pages/${context.customerId}/${context.rosterId}/b`, sealed);
    await expect(vault().get(context, "pages/b")).rejects.toThrow();
  });

  it("does not open when a byte of it is another, or some are missing", async () => {
    const { vault, objects } = createStage();
    const context = aContext();
    await vault().put(context, "pages/a", page);
    const [[key, sealed] = ["", new Uint8Array()]] = objects;
    for (let at = 0; at < sealed.length; at += 7) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      objects.set(key, altered);
      await expect(vault().get(context, "pages/a"), `byte ${at}`).rejects.toThrow();
    }
    for (const length of [0, 3, 7, 50, sealed.length - 1]) {
      objects.set(key, sealed.subarray(0, length));
      await expect(vault().get(context, "pages/a"), `${length} bytes`).rejects.toThrow();
    }
  });

  it("is of a form that says its version: a mark, the sealed key with its length, an IV of its own, a tag, and the rest", async () => {
    const { vault, objects } = createStage();
    const context = aContext();
    const one = vault();
    for (const name of ["pages/a", "pages/b"] as const) await one.put(context, name, page);
    const [a = Buffer.alloc(0), b = Buffer.alloc(0)] = [...objects.values()].map((bytes) => Buffer.from(bytes));
    const ivFrom = 5 + 2 + 184;
    for (const bytes of [a, b]) {
      expect(bytes.toString("latin1", 0, 5)).toBe("PRCH1");
      expect(bytes.readUInt16BE(5)).toBe(184);
      // GCM adds nothing to what was compressed; zlib's own beginning and end take 18 bytes at least.
      expect(bytes.length).toBeGreaterThan(ivFrom + 12 + 16 + 18);
    }
    expect(a.subarray(7, ivFrom)).toEqual(b.subarray(7, ivFrom));
    expect(a.subarray(ivFrom, ivFrom + 12)).not.toEqual(b.subarray(ivFrom, ivFrom + 12));
    const [key = ""] = objects.keys();
    objects.set(key, Buffer.concat([Buffer.from("PRCH2"), a.subarray(5)]));
    await expect(one.get(context, "pages/a")).rejects.toThrow("a page of people is malformed");
  });

  it("takes one key for the roster that is written, and has each opened once while it is read", async () => {
    const { bucket, dataKeys, keysMade, vault } = createStage();
    const [one, other] = [aContext(), aContext()];
    const sameRoster = { ...other, rosterId: one.rosterId };
    const writer = vault();
    for (const context of [one, one, other, sameRoster, sameRoster]) await writer.put(context, "pages/a", page);
    expect(keysMade).toHaveLength(3);
    let opened = 0;
    const open: DataKeys["open"] = (...all) => {
      opened += 1;
      return dataKeys.open(...all);
    };
    const reader = createPageVault(bucket, { make: dataKeys.make, open });
    for (const context of [one, one, other, sameRoster, one]) {
      expect(await reader.get(context, "pages/a")).toEqual(page);
    }
    expect(opened).toBe(3);
  });

  it("keeps a hundred opened keys or so, not all of a process's life", async () => {
    const { bucket, dataKeys } = createStage();
    let opened = 0;
    const open: DataKeys["open"] = (...all) => {
      opened += 1;
      return dataKeys.open(...all);
    };
    const vault = createPageVault(bucket, { make: dataKeys.make, open });
    const first = aContext();
    const readOther = async (count: number) => {
      for (const context of Array.from({ length: count }, aContext)) {
        await vault.put(context, "pages/a", page);
        await vault.get(context, "pages/a");
      }
    };
    await vault.put(first, "pages/a", page);
    await vault.get(first, "pages/a");
    await readOther(99);
    await vault.get(first, "pages/a");
    expect(opened).toBe(100);
    await readOther(3);
    await vault.get(first, "pages/a");
    expect(opened).toBe(104);
  });

  it("has a key opened again that could not be", async () => {
    const { bucket, dataKeys } = createStage();
    let calls = 0;
    const open: DataKeys["open"] = async (...all) => {
      calls += 1;
      if (calls === 1) throw new Error("throttled");
      return dataKeys.open(...all);
    };
    const vault = createPageVault(bucket, { make: dataKeys.make, open });
    const context = aContext();
    await vault.put(context, "pages/a", page);
    await expect(vault.get(context, "pages/a")).rejects.toThrow("throttled");
    expect(await vault.get(context, "pages/a")).toEqual(page);
  });

  it("asks for another key where one could not be made", async () => {
    const { bucket } = createStage();
    let calls = 0;
    const make = async () => {
      calls += 1;
      if (calls === 1) throw new Error("throttled");
      return { key: randomBytes(32), sealed: randomBytes(8) };
    };
    const vault = createPageVault(bucket, { make, open: async () => randomBytes(32) });
    const context = aContext();
    await expect(vault.put(context, "pages/a", page)).rejects.toThrow("throttled");
    await vault.put(context, "pages/a", page);
    expect(calls).toBe(2);
  });
});
