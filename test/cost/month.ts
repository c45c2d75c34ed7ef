import { billOf, totalOf } from "./bill.ts";
import type { Deployment } from "./deployment.ts";
import type { Counted } from "./flows.ts";
import { monthlyPrices, prices } from "./prices.ts";
import { nothing, times } from "./usage.ts";

/** A row of the bill of a month. */
export interface MonthlyRow {
  readonly what: string;
  /** How many of them there are, where they are counted. */
  readonly count?: number;
  readonly dollars: number;
}

/** The bill of a month in which nobody does anything. */
export interface Month {
  /** What grows with the connections. */
  readonly kept: readonly MonthlyRow[];
  /** What is paid with none. */
  readonly fixed: readonly MonthlyRow[];
}

/** How many connections are kept in the table. */
export const connections = 10_000;
const hours = 730;
const gigabyte = 1e9;
/** Sweeps come every five minutes (`SweepDue` and `Sweep` in `cdk/`). */
const runsAMonth = hours * 12;
/** Once in 24 hours, less up to a tenth (`shared/connection/check-times.ts`). */
const looksAMonth = hours / (24 * 0.95);
/** Lambda polls a queue five times at once, and each poll waits for 20 s. */
const emptyReceives = 5 * 3 * 60 * hours;
/** A backend of one process, which keeps its token for the hour that it holds. */
const tokensAMonth = hours;
const days = hours / 24;

/** What 10,000 connections and the deployment around them cost in a month without a call. */
export const monthOf = ({ store, flows, idle, storedBytes }: Counted, deployment: Deployment): Month => {
  const look = flows["look of the sweep"] ?? nothing;
  const gigabytes = (storedBytes * connections) / gigabyte;
  const priced = (usage: typeof nothing) => totalOf(billOf(usage));
  const secretRows: readonly MonthlyRow[] =
    store === "kms"
      ? []
      : [
          counted("secrets, one for each token", connections, monthlyPrices.secret.dollars),
          { what: "the daily sweep of secrets", dollars: priced(times(idle.perSecret, connections * days)) },
        ];
  return {
    kept: [
      { what: "items and indexes stored", dollars: gigabytes * monthlyPrices.storedGb.dollars },
      { what: "point-in-time recovery", dollars: gigabytes * monthlyPrices.recoveryGb.dollars },
      counted("daily looks of the sweep", Math.round(connections * looksAMonth), priced(look)),
      ...secretRows,
    ],
    fixed: [
      counted("CloudWatch alarms", deployment.alarms, monthlyPrices.alarm.dollars),
      counted("metrics that logs are counted into, at most", deployment.metrics, monthlyPrices.metric.dollars),
      counted("Cognito clients", deployment.clients, monthlyPrices.client.dollars),
      counted("tokens of a backend, one an hour", tokensAMonth, prices.tokenRequest.dollars / 1_000),
      counted("KMS keys", deployment.keys, monthlyPrices.key.dollars),
      counted("secrets of the deployment's own", deployment.secrets, monthlyPrices.secret.dollars),
      counted(
        "queues that Lambda polls while they are empty",
        deployment.polledQueues,
        priced({ ...nothing, queueRequests: emptyReceives }),
      ),
      counted("runs of the two sweeps that find nothing", runsAMonth, priced(idle.sweeps)),
    ],
  };
};

const counted = (what: string, count: number, dollarsEach: number): MonthlyRow => ({
  ...{ what, count },
  dollars: count * dollarsEach,
});
