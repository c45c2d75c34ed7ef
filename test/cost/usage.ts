/** What AWS is asked for, as it is billed. */
export interface Usage {
  /** Requests through the HTTP API. */
  readonly gatewayRequests: number;
  /** What the gateway answers with, headers included. */
  readonly bytesOut: number;
  readonly invocations: number;
  /** How long functions run or wait, by the assumptions in `durations.ts`; waiting for Finch is apart. */
  readonly lambdaMs: number;
  /** How long functions wait for Finch. */
  readonly finchMs: number;
  /** Items of the table, its indexes included, that calls have read or looked for; their units are what is billed. */
  readonly itemsRead: number;
  readonly itemsWritten: number;
  readonly readUnits: number;
  /** Those of indexes included. */
  readonly writeUnits: number;
  /**
   * Of what is written, what budgets of requests to Finch take: it depends on what was sent in the last minutes, and on
   * nothing that is stored.
   */
  readonly budgetItemsWritten: number;
  readonly budgetWriteUnits: number;
  readonly kmsRequests: number;
  readonly secretRequests: number;
  /** Sending, receiving and deleting. */
  readonly queueRequests: number;
  /** Custom events of up to 64 KB. */
  readonly busEvents: number;
  readonly logBytes: number;
  /** What stays in the table after it, times the months that it stays. */
  readonly storedByteMonths: number;
}

export const nothing: Usage = {
  gatewayRequests: 0,
  bytesOut: 0,
  invocations: 0,
  lambdaMs: 0,
  finchMs: 0,
  itemsRead: 0,
  itemsWritten: 0,
  readUnits: 0,
  writeUnits: 0,
  budgetItemsWritten: 0,
  budgetWriteUnits: 0,
  kmsRequests: 0,
  secretRequests: 0,
  queueRequests: 0,
  busEvents: 0,
  logBytes: 0,
  storedByteMonths: 0,
};

const fields = Object.keys(nothing) as readonly (keyof Usage)[];

const combine = (field: (name: keyof Usage) => number): Usage =>
  Object.fromEntries(fields.map((name) => [name, field(name)])) as unknown as Usage;

/** All of it. */
export const sum = (...usages: readonly Partial<Usage>[]): Usage =>
  combine((name) => usages.reduce((total, usage) => total + (usage[name] ?? 0), 0));

/** It so many times. */
export const times = (usage: Usage, count: number): Usage => combine((name) => usage[name] * count);

/** What came to one after the other was there. */
export const difference = (later: Usage, earlier: Usage): Usage => combine((name) => later[name] - earlier[name]);

/** Counts what something uses. */
export type Count = (run: () => Promise<unknown>) => Promise<Usage>;
