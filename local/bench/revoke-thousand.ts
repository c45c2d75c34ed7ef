import { forEach } from "../revoke/for-each.ts";
import { createPatientApi } from "../revoke/patient-api.ts";
import { revokeAll } from "../revoke/run.ts";
import { Refusal } from "../stack/refusal.ts";
import type { Steps } from "../stack/steps.ts";
import { secondsOf } from "./measurement.ts";
import type { World } from "./world.ts";

const count = 1_000;
const atOnce = 8;
const quietly: Steps = { say: () => {}, step: (_, run) => run(() => {}) };

/**
 * Connects a customer a thousand times, each to an employer of its own; returns what takes all of it out of use, as
 * `npm run revoke-all -- --customer ID --yes` does.
 *
 * @throws Refusal when not all were taken out of use.
 */
export const connectThousand = async (
  { api, controlFinch, createCustomer, credentials }: World,
  { wait }: { readonly wait: boolean },
): Promise<() => Promise<number>> => {
  const path = await createCustomer();
  const customerId = path.slice(path.lastIndexOf("/") + 1);
  await forEach(Array(count).keys(), atOnce, async (n) => {
    const employer = { provider: "gusto", company: `Bakery ${n} of ${customerId}` };
    const { access_token } = await controlFinch<{ access_token: string }>("POST", "tokens", employer);
    await api.call("POST", `${path}/connections`, { access_token });
  });
  return () =>
    secondsOf(async () => {
      const { signal } = new AbortController();
      const summary = await revokeAll(
        { scope: { customerId }, credentials, dryRun: false, yes: true, wait },
        { api: createPatientApi(credentials, signal), steps: quietly, signal, confirm: async () => true },
      );
      if (summary === "not confirmed" || summary.revoked !== count) {
        throw new Refusal(`Not all ${count} connections were taken out of use.`, JSON.stringify(summary));
      }
    });
};
