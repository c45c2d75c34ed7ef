import type { Steps } from "../stack/steps.ts";
import { findConnections } from "./find-connections.ts";
import type { RevokeOptions } from "./options.ts";
import type { PatientApi } from "./patient-api.ts";
import { progressBar } from "./progress-bar.ts";
import { awaitEnds, revokeConnections } from "./revoke-connections.ts";
import { countOf, describeFound, type Summary, summarise } from "./summary.ts";

/** What a run works with. */
export interface RevokeRun {
  readonly api: PatientApi;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Asks whoever started it whether so many connections are meant. */
  readonly confirm: (count: number) => Promise<boolean>;
}

/**
 * Finds what is meant, asks, and takes it out of use.
 *
 * @returns what was done; `not confirmed` when nothing was, since nobody said yes.
 * @throws Refusal when the API is not to be had, and the signal's reason when it is given. What was asked for stays so.
 */
export const revokeAll = async (
  { scope, credentials, dryRun, yes, wait }: Omit<RevokeOptions, "json">,
  { api, steps, signal, confirm }: RevokeRun,
): Promise<Summary | "not confirmed"> => {
  const since = performance.now();
  const found = await steps.step("looking for connections", async (rename) => {
    const all = await findConnections(api, scope, (connections, customers) =>
      rename(`looking for connections: ${connections} of ${countOf(customers, "customer")}`),
    );
    rename(`${countOf(all.length, "connection")} found`);
    return all;
  });
  const listed = summarise(credentials.apiUrl, scope, found);
  const end = (more: Partial<Summary>): Summary => ({
    ...listed,
    dry_run: dryRun,
    ...more,
    seconds: Math.round(performance.now() - since) / 1_000,
  });
  steps.say(describeFound(listed));
  const [before, inUse] = [
    found.filter(({ status }) => status === "disconnecting"),
    found.filter(({ status }) => status !== "disconnecting"),
  ];
  if (dryRun) return end({});
  if (inUse.length > 0 && !yes && !(await confirm(inUse.length))) return "not confirmed";

  const { disconnecting, gone, failed } = await steps.step("taking them out of use", async (rename) => {
    const revoked = await revokeConnections(api, inUse, (count) =>
      rename(`taking them out of use  ${progressBar(count, inUse.length)}`),
    );
    rename(`${countOf(revoked.disconnecting.length, "connection")} taken out of use`);
    return revoked;
  });
  const asked = [...before, ...disconnecting];
  if (wait) {
    await steps.step("waiting for Finch", async (rename) => {
      const show = (count: number) => rename(`waiting for Finch  ${progressBar(count, asked.length)}`);
      await awaitEnds(api, asked, signal, show);
    });
  }
  return end({
    revoked: disconnecting.length,
    gone: gone.length,
    failed: failed.map(({ customer_id, connection_id, answer }) => ({ customer_id, connection_id, answer })),
    confirmed: wait ? failed.length === 0 : null,
  });
};
