/**
 * How long things take on AWS, as it is assumed: nobody has measured it. A function is billed while it waits, so that its
 * duration is mostly the sum of these. With them a function that reads and writes one item takes 11 ms, which is the median
 * that others have published of such a function when it is warm.
 */
export const assumedMs = {
  /** Our own code in an invocation. What it takes here is measured by `npm run bench`. */
  ownCode: 1,
  dynamodb: 5,
  transaction: 10,
  kms: 5,
  secretsManager: 20,
  sqs: 10,
  eventBridge: 20,
  /** What the caller waits beside the function that it invokes. */
  invoke: 10,
  /** Finch asks the provider at times; its answers are by far the longest wait. */
  finch: 500,
} as const;

/** What every function has (`cdk/constructs/api-function.ts`; `test/contract/cost.test.ts` sees that it is so). */
export const memoryGb = 1;

/**
 * Lambda's own two lines about each invocation in JSON (`platform.start`, `platform.report`), and the gateway's line in the
 * access log; CloudWatch adds 26 bytes to each event, which is in them.
 */
export const platformLogBytes = 700;
export const accessLogBytes = 300;

/** What an answer's headers take. */
export const headerBytes = 250;
