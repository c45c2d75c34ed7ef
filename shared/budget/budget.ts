/** What Finch lets one application do, and what Perch takes of it (Finch docs, "Rate limits"). */

/** Products whose reads Finch limits, for the whole application and all customers, in any 60 seconds. */
export type LimitedProduct = keyof typeof productLimits;

/** `address`: everything that is sent to Finch, which counts by the address that it comes from as well. */
export type BudgetName = LimitedProduct | "address";

/**
 * Who comes first. `exchange`: a browser's code, which is lost if it is not sent soon; `interactive`: somebody waits;
 * `background`: nobody does, but something has happened; `sweep`: nothing has.
 */
export type Priority = "sweep" | "background" | "interactive" | "exchange";

/** Whether nobody waits for it. */
export const isBackground = (priority: Priority): boolean => priority === "sweep" || priority === "background";

/** One limit, and how it is shared. */
export interface Budget {
  /** Requests that Finch takes in its window. */
  readonly limit: number;
  /** No more than `limit` grants are given in any so long a time: Finch's window and what lies between grant and arrival. */
  readonly windowMs: number;
  /** Grants are counted by pieces of time so long. */
  readonly bucketMs: number;
  /** For how many windows what was used is remembered. */
  readonly windowsKept: number;
  /** How long a grant is good for: what has not been handed to a connection to Finch by then is not sent on it. */
  readonly grantMs: number;
  /**
   * `even`: background work goes at an even pace, and leaves what interactive work has lately needed. A number for each
   * priority: how much of the limit may be used once it is served.
   */
  readonly share: "even" | Readonly<Record<Priority, number>>;
}

/** Requests a minute for each product. */
const productLimits = {
  company: 20,
  directory: 20,
  individual: 20,
  employment: 20,
  pay_statement_item: 20,
  payment: 12,
  pay_groups: 12,
  pay_statement: 12,
} as const;

/** Requests that Finch takes from an address in five minutes; above that it blocks the address for an hour. */
const finchAddressLimit = 1_000;

/** How far apart two hosts' clocks may be. AWS keeps them within milliseconds of each other. */
const clockSkewMs = 500;

/** How long a request may be under way to Finch, once a connection has taken it. */
const transitMs = 500;

/**
 * What lies between two grants and two arrivals. Let two requests be granted at g1 and g2, each by its host's clock, with
 * g2 − g1 ≥ W. By one clock the grants are W − clockSkew apart. The first arrives after its grant by grantMs + transitMs
 * at most, the second by nothing at least. So they arrive at Finch W − clockSkew − grantMs − transitMs apart: with
 * W = Finch's window + this, never within one window of Finch's.
 */
const marginOf = (grantMs: number): number => clockSkewMs + grantMs + transitMs;

const productGrantMs = 1_000;

/** A grant of the address's budget outlives the wait for the product's. */
const addressGrantMs = 6_000;

/** Where Perch may use more than all of a limit, it is no matter how late a grant is used. */
const unlimitedGrantMs = 60_000;

/**
 * The budget of this name. `share` is what part of Finch's limits Perch may use: 1 for all of them, more only where Finch is
 * simulated.
 */
export const budgetOf = (name: BudgetName, share: number): Budget =>
  name === "address"
    ? {
        limit: partOf(finchAddressLimit, share),
        windowMs: 300_000 + marginOf(addressGrantMs),
        bucketMs: 5_000,
        windowsKept: 1,
        grantMs: share > 1 ? unlimitedGrantMs : addressGrantMs,
        share: { sweep: 0.7, background: 0.8, interactive: 0.9, exchange: 1 },
      }
    : {
        limit: partOf(productLimits[name], share),
        windowMs: 60_000 + marginOf(productGrantMs),
        bucketMs: 100,
        windowsKept: 3,
        grantMs: share > 1 ? unlimitedGrantMs : productGrantMs,
        share: "even",
      };

const partOf = (limit: number, share: number): number => Math.max(1, Math.floor(limit * share));

/**
 * The product whose limit a call of Finch's API counts against, by its path, with or without a query; undefined where only
 * the address does. What lies below a product's path counts as well, since Finch does not say that it does not.
 */
export const limitedProductOf = (path: string): LimitedProduct | undefined => {
  const [, name = ""] = /^\/employer\/([a-z-]+)(?:[/?]|$)/.exec(path) ?? [];
  const product = name.replaceAll("-", "_");
  return Object.hasOwn(productLimits, product) ? (product as LimitedProduct) : undefined;
};
