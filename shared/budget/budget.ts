/** What Finch lets one application do, and what Perch takes of it (Finch docs, "Rate limits"). */

/** Products whose reads Finch limits, for the whole application and all customers, in any 60 seconds. */
export type LimitedProduct = keyof typeof productLimits;

/** `address`: everything that is sent to Finch, which counts by the address that it comes from as well. */
export type BudgetName = LimitedProduct | "address";

/**
 * Who comes first. `exchange`: a browser's code, which is lost if it is not sent soon; `interactive`: somebody waits;
 * `background`: nobody does.
 */
export type Priority = "background" | "interactive" | "exchange";

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

/** How long a grant is good for: what has not been handed to a connection to Finch by then is not sent on this grant. */
export const grantMs = 1_000;

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
const marginMs = clockSkewMs + grantMs + transitMs;

/** The budget of this name. `addressLimit` is the stage's, Finch's own on AWS. */
export const budgetOf = (name: BudgetName, addressLimit: number = finchAddressLimit): Budget =>
  name === "address"
    ? {
        limit: addressLimit,
        windowMs: 300_000 + marginMs,
        bucketMs: 5_000,
        windowsKept: 1,
        share: { background: 0.6, interactive: 0.9, exchange: 1 },
      }
    : { limit: productLimits[name], windowMs: 60_000 + marginMs, bucketMs: 100, windowsKept: 3, share: "even" };

/**
 * The product whose limit a call of Finch's API counts against, by its path, with or without a query; undefined where only
 * the address does. What lies below a product's path counts as well, since Finch does not say that it does not.
 */
export const limitedProductOf = (path: string): LimitedProduct | undefined => {
  const [, name = ""] = /^\/employer\/([a-z-]+)(?:[/?]|$)/.exec(path) ?? [];
  const product = name.replaceAll("-", "_");
  return Object.hasOwn(productLimits, product) ? (product as LimitedProduct) : undefined;
};
