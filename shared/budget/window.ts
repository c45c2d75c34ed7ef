import { type Budget, isBackground, type Priority } from "./budget.ts";

/** What has been granted of a budget. */
export interface Spent {
  /** How many grants there have ever been: each counts it up by one. */
  readonly version: number;
  /** In order; those without a grant are left out. */
  readonly buckets: readonly Bucket[];
  /** Milliseconds since 1970; until then Finch is not to be asked, since it has refused a request for this limit. */
  readonly heldUntil: number;
}

/** The grants of one piece of time. Those of exchanges are among the interactive ones. */
export interface Bucket {
  /** The number of the piece, from 1970 on. */
  readonly index: number;
  readonly background: number;
  readonly interactive: number;
}

/** A grant as it may be counted. */
export interface Grant {
  /** From when on the request may be sent. */
  readonly at: Date;
  /** The piece of time that it counts in. */
  readonly bucket: number;
  /** How many grants that `spent` does not know of may have been counted since, without this one being too many. */
  readonly tolerates: number;
}

export type Decision =
  | { readonly kind: "granted"; readonly grant: Grant }
  /** When it may be worth asking again. */
  | { readonly kind: "refused"; readonly retryAt: Date };

/** Nothing granted yet. */
export const nothingSpent: Spent = { version: 0, buckets: [], heldUntil: 0 };

/**
 * Somebody who waits is given a moment that is still to come, if it comes this soon: the answer is to be there within
 * five seconds, the way to the table included. Not of the address's budget: what it lacks does not come so soon.
 */
export const longestWaitMs = 4_500;

/**
 * Decides about one request. No `spanOf(budget)` buckets in a row ever hold more than the limit: then no two of any
 * limit + 1 grants are `windowMs` apart or less, wherever in their buckets they lie.
 */
export const decide = (budget: Budget, spent: Spent, priority: Priority, now: Date): Decision => {
  if (isHeld(spent, priority, now)) return { kind: "refused", retryAt: new Date(spent.heldUntil) };
  const first = bucketOf(budget, now);
  const free = firstFree(budget, spent.buckets, priority, first);
  const at = free === first ? now : startOf(budget, free);
  // Background work takes nothing that is still to come: somebody who waits may need it by then.
  const mayWait = budget.share === "even" && !isBackground(priority);
  const isSoon = free === first || (mayWait && at.getTime() - now.getTime() <= longestWaitMs);
  if (!isSoon) return { kind: "refused", retryAt: at };
  const isExact = free !== first || (isBackground(priority) && budget.share === "even");
  const tolerates = isExact ? 0 : roomAt(budget, spent.buckets, priority, free) - 1;
  return { kind: "granted", grant: { at, bucket: free, tolerates } };
};

/** Whether Finch has just said that this is too much. A code is sent all the same: it is lost if it waits too long. */
export const isHeld = ({ heldUntil }: Spent, priority: Priority, now: Date): boolean =>
  priority !== "exchange" && heldUntil > now.getTime();

/** The bucket of a moment. */
export const bucketOf = ({ bucketMs }: Budget, at: Date): number => Math.floor(at.getTime() / bucketMs);

/** The state as it was before a grant was counted. */
export const without = (spent: Spent, kind: keyof Omit<Bucket, "index">, bucket: number): Spent => ({
  ...spent,
  buckets: spent.buckets.map((each) => (each.index === bucket ? { ...each, [kind]: each[kind] - 1 } : each)),
});

/** The first bucket whose grants still matter; older ones may be forgotten. */
export const firstKept = (budget: Budget, now: Date): number =>
  // One window more than is needed would do no harm; a bucket less would. Another host's clock may be behind.
  bucketOf(budget, now) - budget.windowsKept * spanOf(budget) - Math.ceil(1_000 / budget.bucketMs);

const startOf = ({ bucketMs }: Budget, bucket: number): Date => new Date(bucket * bucketMs);

/** Two grants whose buckets are so far apart are more than a window apart. */
const spanOf = ({ windowMs, bucketMs }: Budget): number => Math.ceil(windowMs / bucketMs) + 1;

/** The first bucket, from `first` on, with room for one more. */
const firstFree = (budget: Budget, buckets: readonly Bucket[], priority: Priority, first: number): number => {
  // Room comes about only where something leaves the window, or where the pace allows the next.
  const changes = [...buckets.map(({ index }) => index + spanOf(budget)), nextInPace(budget, buckets)];
  const candidates = [first, ...changes.filter((index) => index > first).toSorted((a, b) => a - b)];
  const free = candidates.find((index) => roomAt(budget, buckets, priority, index) > 0);
  // A share so small that there never is room: as if the whole window had to pass.
  return free ?? first + spanOf(budget);
};

/** How many more grants a bucket takes; none or less if it takes none. */
const roomAt = (budget: Budget, buckets: readonly Bucket[], priority: Priority, bucket: number): number => {
  const span = spanOf(budget);
  // Every window that holds the bucket and ends with a bucket that has grants, or with itself.
  const ends = [bucket, ...buckets.map(({ index }) => index).filter((end) => end > bucket && end < bucket + span)];
  const most = mostFor(budget, priority);
  const room = Math.min(...ends.map((end) => most - sum(buckets, end, span, all)));
  if (!isBackground(priority) || budget.share !== "even") return room;
  if (bucket < nextInPace(budget, buckets)) return 0;
  return Math.min(room, backgroundShare(budget, buckets) - sum(buckets, bucket, span, ofBackground));
};

const mostFor = ({ limit, share }: Budget, priority: Priority): number => {
  if (share === "even") return isBackground(priority) ? limit - reserve(limit) : limit;
  return Math.floor(limit * share[priority]);
};

/** What background work leaves even when nobody else is there: the first who comes need not wait. */
const reserve = (limit: number): number => Math.floor(limit / 20);

/**
 * What background work may have of a window. Interactive work has what it has needed at most in the windows that are
 * remembered, and some more, since it comes in bursts. From some thirteen a minute on, nothing is left for background work:
 * the limit is little above what interactive work is promised, and one more in the wrong place makes somebody wait.
 */
const backgroundShare = (budget: Budget, buckets: readonly Bucket[]): number => {
  const ends = buckets.filter(({ interactive }) => interactive > 0).map(({ index }) => index);
  const demand = Math.max(0, ...ends.map((end) => sum(buckets, end, spanOf(budget), ofInteractive)));
  if (demand === 0) return budget.limit - reserve(budget.limit);
  return Math.max(0, budget.limit - demand - Math.ceil(3 + 1.5 * Math.sqrt(demand)));
};

/** The bucket before which background work is not served again: nearly as far apart as the window allows for all of them. */
const nextInPace = (budget: Budget, buckets: readonly Bucket[]): number => {
  const last = buckets.findLast(({ background }) => background > 0)?.index ?? Number.NEGATIVE_INFINITY;
  return last + Math.floor((paceShare * spanOf(budget)) / budget.limit);
};

/** Less than one, so that who comes late to its turn does not hold up all who follow. */
const paceShare = 0.9;

const sum = (buckets: readonly Bucket[], end: number, span: number, count: (bucket: Bucket) => number): number =>
  buckets.reduce((so, bucket) => (bucket.index <= end && bucket.index > end - span ? so + count(bucket) : so), 0);

const all = ({ background, interactive }: Bucket): number => background + interactive;
const ofBackground = ({ background }: Bucket): number => background;
const ofInteractive = ({ interactive }: Bucket): number => interactive;
