import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../stack/refusal.ts";
import type { World } from "./world.ts";

/** A connection that the simulated Finch signs out and in again. */
export interface TroubledConnection {
  readonly ids: { readonly customer_id: string; readonly connection_id: string };
  /** Brings it back, in Finch and in Perch; no webhook tells of it. */
  readonly signIn: () => Promise<void>;
  /** Signs it out at Finch, which tells of it or not. */
  readonly signOut: (how: "tell" | "say nothing") => Promise<void>;
  readonly introspect: () => Promise<unknown>;
  /** Lets its next look be due. */
  readonly fallDue: () => Promise<void>;
  /** Waits until the table says that Finch calls it so. @throws Refusal when it does not after a minute. */
  readonly awaitStored: (status: "connected" | "reauth") => Promise<void>;
}

const patienceMs = 60_000;

/** Connects a new customer by a token that Finch issues without Connect. */
export const connectForTrouble = async (world: World): Promise<TroubledConnection> => {
  const { api, controlFinch, createCustomer, table } = world;
  const customerPath = await createCustomer();
  const customerId = customerPath.slice(customerPath.lastIndexOf("/") + 1);
  const minted = await controlFinch<{ access_token: string; connection_id: string }>("POST", "tokens", {
    provider: "gusto",
    company: `Bakery ${customerId}`,
  });
  const { access_token, connection_id: connectionId } = minted;
  await api.call("POST", `${customerPath}/connections`, { access_token });
  const key = { pk: `CUSTOMER#${customerId}`, sk: `CONNECTION#${connectionId}` };
  const about = { connection_id: connectionId };

  const waitFor = async (what: string, isSo: (item: Readonly<Record<string, unknown>>) => boolean) => {
    for (const giveUpAt = performance.now() + patienceMs; performance.now() < giveUpAt; await sleep(10)) {
      if (isSo(await table.read(key))) return;
    }
    throw new Refusal(`Connection ${connectionId} is not ${what} after ${patienceMs / 1_000} s.`);
  };
  const awaitStored = (status: string) => waitFor(status, (item) => item["finch_status"] === status);
  const introspect = () => api.call("POST", `${customerPath}/connections/${connectionId}/introspect`);
  const setStatus = async (status: string, tells: boolean) => {
    if (!tells) await controlFinch("POST", "webhooks/rules", { kind: "lose", times: "until_cleared", ...about });
    await controlFinch("POST", `connections/${connectionId}`, { status });
    if (!tells) await controlFinch("DELETE", `webhooks/rules?connection_id=${connectionId}`);
  };
  // The look that a new token brings with it is over: none comes in between later.
  await waitFor("looked at", (item) => item["introspected_at"] !== null);

  return {
    ids: { customer_id: customerId, connection_id: connectionId },
    introspect,
    awaitStored,
    signOut: (how) => setStatus("reauth", how === "tell"),
    async signIn() {
      await setStatus("connected", false);
      await introspect();
      await awaitStored("connected");
    },
    async fallDue() {
      const past = new Date(Date.now() - 60_000).toISOString();
      await table.write(key, { due_at: past, next_check_at: past });
    },
  };
};
