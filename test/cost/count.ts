/** Counts with one token store, `node test/cost/count.ts kms`, and prints what `report.ts` reads. */
import { countDeployment } from "./deployment.ts";
import { countFlows } from "./flows.ts";

const store = process.argv[2];
if (store !== "kms" && store !== "secrets-manager") throw new Error("which token store? kms or secrets-manager");
const counted = await countFlows(store);
const text = JSON.stringify({ counted, deployment: countDeployment(store) });
process.stdout.write(text, () => process.exit(0));
