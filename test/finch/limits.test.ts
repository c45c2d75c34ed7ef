import { describe, expect, it } from "vitest";
import { addressLimit, createLimits, type LimitedRequest, productLimits } from "../../local/finch/limits.ts";

const setUp = () => {
  let nowMs = 1_000_000;
  const limits = createLimits(() => nowMs);
  const take = (path: string, more: Partial<LimitedRequest> = {}, lifted: Parameters<typeof limits.take>[1] = []) =>
    limits.take({ path, address: "127.0.0.1", clientId: "one", ...more }, lifted);
  const takeMany = (count: number, ...args: Parameters<typeof take>) =>
    Array.from({ length: count }, () => take(...args)).filter((exceeded) => exceeded !== undefined);
  return {
    limits,
    take,
    takeMany,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

describe("the limit of a product", () => {
  it.each(Object.entries(productLimits))("of %s is %i in any 60 seconds, and rolls", (product, limit) => {
    const { limits, take, takeMany, pass } = setUp();
    const path = `/employer/${product}`;
    expect(take(path)).toBeUndefined();
    pass(30_000);
    expect(takeMany(limit - 1, path)).toEqual([]);
    pass(29_999);
    expect(take(path)).toBe("product");
    pass(1);
    // The first one has left; the refused one is counted in its place.
    expect(take(path)).toBe("product");
    pass(60_000);
    expect(takeMany(limit, path)).toEqual([]);
    expect(limits.counters()).toMatchObject({ requests: { [product]: 2 * limit + 2 }, beyond: { [product]: 2 } });
  });

  it("is kept for each application and product by itself, over all its tokens and entities", () => {
    const { take, takeMany } = setUp();
    expect(takeMany(20, "/employer/company")).toEqual([]);
    expect(take("/employer/company", { clientId: "two" })).toBeUndefined();
    expect(take("/employer/company", { clientId: undefined })).toBeUndefined();
    expect(take("/employer/directory")).toBeUndefined();
    expect(takeMany(100, "/introspect")).toEqual([]);
    expect(takeMany(100, "/employer/benefits")).toEqual([]);
    expect(takeMany(100, "/employer/constructor")).toEqual([]);
    expect(take("/employer/company", { address: "127.0.0.2" })).toBe("product");
  });

  it("can be lifted, and what was beyond it is counted all the same", () => {
    const { limits, takeMany } = setUp();
    expect(takeMany(25, "/employer/company", {}, ["product"])).toEqual([]);
    expect(limits.counters().beyond).toEqual({ company: 5 });
  });
});

describe("the limit of an address", () => {
  it("is 1,000 in any 5 minutes; the next request shuts it out for an hour, whatever it asks for", () => {
    const { limits, take, takeMany, pass } = setUp();
    expect(takeMany(1, "/introspect")).toEqual([]);
    pass(addressLimit.windowMs - 1);
    expect(takeMany(999, "/introspect")).toEqual([]);
    pass(1);
    expect(take("/introspect")).toBeUndefined();
    expect(take("/auth/token", { clientId: undefined })).toBe("address");
    expect(take("/introspect", { address: "127.0.0.2" })).toBeUndefined();
    pass(addressLimit.blockMs - 1);
    expect(take("/employer/company")).toBe("address");
    pass(1);
    expect(takeMany(1000, "/introspect")).toEqual([]);
    expect(limits.counters()).toEqual({
      requests: {},
      beyond: { address: 2 },
      addressRequests: 1 + 999 + 4 + 1000,
      blocks: 1,
    });
  });

  it("is counted before a product's, and so are requests that a product's limit refuses", () => {
    const { take, takeMany } = setUp();
    expect(takeMany(1000, "/employer/payment")).toHaveLength(1000 - 12);
    expect(take("/introspect")).toBe("address");
  });

  it("can be lifted, which shuts nobody out", () => {
    const { limits, takeMany } = setUp();
    expect(takeMany(1005, "/introspect", {}, ["address"])).toEqual([]);
    expect(limits.counters()).toMatchObject({ beyond: { address: 5 }, blocks: 0 });
    limits.clear();
    expect(limits.counters()).toEqual({ requests: {}, beyond: {}, addressRequests: 0, blocks: 0 });
  });

  it("ends a block when it is lifted", () => {
    const { take, takeMany } = setUp();
    expect(takeMany(1001, "/introspect")).toEqual(["address"]);
    expect(take("/introspect", {}, ["address"])).toBeUndefined();
    expect(take("/introspect")).toBe("address");
  });
});
