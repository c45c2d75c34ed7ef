import { memoryGb } from "./durations.ts";
import { monthlyPrices, prices } from "./prices.ts";
import type { Usage } from "./usage.ts";

/** What something costs, in dollars, by what is paid for. */
export interface Bill {
  readonly gateway: number;
  /** Invocations, and how long they run or wait, but for Finch. */
  readonly lambda: number;
  /** How long functions wait for Finch. */
  readonly finchWait: number;
  readonly dynamodb: number;
  readonly kms: number;
  readonly secrets: number;
  /** SQS and EventBridge. */
  readonly messages: number;
  readonly logs: number;
  readonly dataOut: number;
}

const million = 1e6;
const gigabyte = 1e9;

/** What a usage costs. */
export const billOf = (usage: Usage): Bill => ({
  gateway: (usage.gatewayRequests * prices.gatewayRequest.dollars) / million,
  lambda: (usage.invocations * prices.invocation.dollars) / million + secondsCost(usage.lambdaMs),
  finchWait: secondsCost(usage.finchMs),
  dynamodb:
    (usage.readUnits * prices.readUnit.dollars) / million +
    (usage.writeUnits * prices.writeUnit.dollars) / million +
    (usage.storedByteMonths * (monthlyPrices.storedGb.dollars + monthlyPrices.recoveryGb.dollars)) / gigabyte,
  kms: (usage.kmsRequests * prices.kmsRequest.dollars) / 10_000,
  secrets: (usage.secretRequests * prices.secretRequest.dollars) / 10_000,
  messages:
    (usage.queueRequests * prices.queueRequest.dollars) / million +
    (usage.busEvents * prices.busEvent.dollars) / million,
  logs: (usage.logBytes * prices.logGb.dollars) / gigabyte,
  dataOut: (usage.bytesOut * prices.outGb.dollars) / gigabyte,
});

const secondsCost = (ms: number): number => (ms / 1_000) * memoryGb * prices.gbSecond.dollars;

/** All of it. */
export const totalOf = (bill: Bill): number => Object.values(bill).reduce((total, part) => total + part, 0);
