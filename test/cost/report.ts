import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../local/stack/places.ts";
import { type Bill, billOf, totalOf } from "./bill.ts";
import type { Deployment } from "./deployment.ts";
import type { Counted } from "./flows.ts";
import { type Month, monthOf } from "./month.ts";
import { monthlyPrices, prices, pricesOf } from "./prices.ts";
import type { TokenStore } from "./world.ts";

/** What one token store's counting and pricing have come to. */
export interface StoreReport {
  readonly counted: Counted;
  readonly deployment: Deployment;
  /** Dollars for a million of each flow. */
  readonly perMillion: Readonly<Record<string, Bill & { readonly total: number }>>;
  readonly month: Month;
}

/** What `npm run cost -- --json` prints. */
export interface CostReport {
  readonly not_measured_on_aws: true;
  readonly prices: typeof pricesOf & { readonly used: typeof prices; readonly monthly: typeof monthlyPrices };
  readonly stores: Readonly<Record<TokenStore, StoreReport>>;
}

/** Counts with both token stores, each in a process of its own, and prices it. */
export const createReport = async (): Promise<CostReport> => {
  const [kms, secretsManager] = await Promise.all([count("kms"), count("secrets-manager")]);
  return {
    not_measured_on_aws: true,
    prices: { ...pricesOf, used: prices, monthly: monthlyPrices },
    stores: { kms, "secrets-manager": secretsManager },
  };
};

const count = async (store: TokenStore): Promise<StoreReport> => {
  const program = join(root, "test/cost/count.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, store],
    { cwd: root, maxBuffer: 10_000_000 },
  );
  const { counted, deployment } = JSON.parse(stdout) as Pick<StoreReport, "counted" | "deployment">;
  const perMillion = Object.entries(counted.flows).map(([name, usage]) => {
    const bill = Object.fromEntries(Object.entries(billOf(usage)).map(([part, each]) => [part, each * 1e6]));
    return [name, { ...bill, total: totalOf(billOf(usage)) * 1e6 }];
  });
  return { counted, deployment, perMillion: Object.fromEntries(perMillion), month: monthOf(counted, deployment) };
};
