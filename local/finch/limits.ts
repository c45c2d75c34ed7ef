/**
 * Finch's two limits (Finch docs, "Rate Limits"): so many requests in any 60 seconds for each application and product,
 * whichever customer they are for; and 1,000 requests in any 5 minutes from one address, after which it is shut out for
 * an hour.
 *
 * Where the documentation is silent this is strict: a request that was refused counts like any other.
 */

/** The most requests in any 60 seconds, by product. */
export const productLimits = {
  company: 20,
  directory: 20,
  individual: 20,
  employment: 20,
  "pay-statement-item": 20,
  payment: 12,
  "pay-groups": 12,
  "pay-statement": 12,
} as const;

/** A product that has a limit of its own, as its path spells it. */
export type LimitedProduct = keyof typeof productLimits;

/** The window of a product's limit. */
const productWindowMs = 60_000;

/** What one address may send, and what follows when it sends more. */
export const addressLimit = { requests: 1000, windowMs: 5 * 60_000, blockMs: 60 * 60_000 } as const;

/** A request, as far as the limits are concerned. */
export type LimitedRequest = {
  readonly path: string;
  readonly address: string;
  /** The application whose access token was sent; undefined when none was, or when it is none of ours. */
  readonly clientId: string | undefined;
};

/** The limit that a request exceeds. */
export type Exceeded = "product" | "address";

/** What was counted since the start or the last `clear`. */
export type LimitCounters = {
  /** Requests of each product, those beyond its limit included. */
  readonly requests: Readonly<Partial<Record<LimitedProduct, number>>>;
  /** Requests beyond each limit, those that came during a block included; counted even while a limit is lifted. */
  readonly beyond: Readonly<Partial<Record<LimitedProduct | "address", number>>>;
  /** Requests from all addresses, those beyond the limit included. */
  readonly addressRequests: number;
  /** How often an address was shut out. */
  readonly blocks: number;
};

/** Both limits of one simulated Finch. */
export type Limits = {
  /**
   * Counts a request.
   *
   * @param lifted limits that are not kept for now: they are counted, and nobody is shut out.
   * @returns the limit that refuses it, the address's first.
   */
  take(request: LimitedRequest, lifted?: readonly Exceeded[]): Exceeded | undefined;
  counters(): LimitCounters;
  /** Forgets all requests, blocks and counters. */
  clear(): void;
};

/** The product whose limit holds for a path; undefined for paths that have only the address's. */
const limitedProductOf = (path: string): LimitedProduct | undefined => {
  const [, area, name = ""] = path.split("/");
  return area === "employer" && Object.hasOwn(productLimits, name) ? (name as LimitedProduct) : undefined;
};

/** Limits that nothing has been counted against. */
export const createLimits = (nowMs: () => number): Limits => {
  const windows = new Map<string, number[]>();
  const blockedUntilMs = new Map<string, number>();
  let requests: Partial<Record<LimitedProduct, number>> = {};
  let beyond: Partial<Record<LimitedProduct | "address", number>> = {};
  let [addressRequests, blocks] = [0, 0];

  /** Whether this request is one too many. A request leaves the window when the window's length has passed. */
  const isTooMany = (key: string, limit: number, windowMs: number): boolean => {
    const times = windows.get(key) ?? [];
    windows.set(key, times);
    const at = nowMs();
    // The last `limit` requests tell all: when the oldest of them is in the window, it is full.
    const oldest = times.length >= limit ? times.shift() : undefined;
    times.push(at);
    return oldest !== undefined && at - oldest < windowMs;
  };

  const exceedsAddress = (address: string, isLifted: boolean): boolean => {
    addressRequests += 1;
    if (nowMs() < (blockedUntilMs.get(address) ?? 0)) {
      beyond = plusOne(beyond, "address");
      return !isLifted;
    }
    const tooMany = isTooMany(`address ${address}`, addressLimit.requests, addressLimit.windowMs);
    if (!tooMany) return false;
    beyond = plusOne(beyond, "address");
    if (isLifted) return false;
    blocks += 1;
    blockedUntilMs.set(address, nowMs() + addressLimit.blockMs);
    return true;
  };

  const exceedsProduct = (product: LimitedProduct, clientId: string): boolean => {
    requests = plusOne(requests, product);
    const tooMany = isTooMany(`product ${clientId} ${product}`, productLimits[product], productWindowMs);
    if (tooMany) beyond = plusOne(beyond, product);
    return tooMany;
  };

  return {
    take: ({ path, address, clientId }, lifted = []) => {
      if (exceedsAddress(address, lifted.includes("address"))) return "address";
      const product = limitedProductOf(path);
      if (product === undefined || clientId === undefined) return undefined;
      return exceedsProduct(product, clientId) && !lifted.includes("product") ? "product" : undefined;
    },
    counters: () => ({ requests, beyond, addressRequests, blocks }),
    clear: () => {
      windows.clear();
      blockedUntilMs.clear();
      [requests, beyond, addressRequests, blocks] = [{}, {}, 0, 0];
    },
  };
};

const plusOne = <Counts extends Readonly<Record<string, number>>>(counts: Counts, name: keyof Counts): Counts => ({
  ...counts,
  [name]: (counts[name] ?? 0) + 1,
});
