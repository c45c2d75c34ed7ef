/** Stands in for what paces attempts in the retry mode `adaptive` (3 KB), which no client here is set to. */
export class DefaultRateLimiter {
  constructor() {
    throw new Error("bundles have no retry mode adaptive: see cdk/lean-sdk.ts");
  }
}
