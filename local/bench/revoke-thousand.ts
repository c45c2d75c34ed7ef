import { forEach } from "../revoke/for-each.ts";
import { createPatientApi } from "../revoke/patient-api.ts";
import { revokeAll } from "../revoke/run.ts";
import { Refusal } from "../stack/refusal.ts";
import type { Steps } from "../stack/steps.ts";
import { awaitLooks } from "./await-looks.ts";
import { type StackMeasurement, secondsOf } from "./measurement.ts";
import type { World } from "./world.ts";

const count = 1_000;
const atOnce = 8;
const quietly: Steps = { say: () => {}, step: (_, run) => run(() => {}) };

/**
 * How long `npm run revoke-all -- --customer ID --yes` takes for a thousand connections, without or with `--wait`. It is
 * measured once, after all else: a sweep would look at a thousand new connections before those of others.
 */
export const revokingThousand = (
  name: string,
  what: string,
  options: { readonly wait: boolean },
): StackMeasurement => ({
  ...{ kind: "stack", name, what, isLong: true },
  measure: async (world) => [{ name, what, unit: "s", samples: [await revokeThousand(world, options)] }],
});

/**
 * Connects a customer a thousand times, each to an employer of its own, and takes all of it out of use.
 *
 * @returns the seconds that the second half took.
 * @throws Refusal when not all were taken out of use.
 */
const revokeThousand = async (
  { api, controlFinch, createCustomer, credentials }: World,
  { wait }: { readonly wait: boolean },
): Promise<number> => {
  const path = await createCustomer();
  const customerId = path.slice(path.lastIndexOf("/") + 1);
  await forEach(Array(count).keys(), atOnce, async (n) => {
    const employer = { provider: "gusto", company: `Bakery ${n} of ${customerId}` };
    const { access_token } = await controlFinch<{ access_token: string }>("POST", "tokens", employer);
    await api.call("POST", `${path}/connections`, { access_token });
  });
  await awaitLooks(api, path);
  return secondsOf(async () => {
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
