import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import { aProfile, noon } from "./builders.ts";

/** Stores a session, with the customer that it is made for. */
export const storeSession = async (
  stores: { readonly customers: Pick<CustomerStore, "put">; readonly sessions: Pick<SessionStore, "create"> },
  session: ConnectSession,
): Promise<void> => {
  const { customerId, incarnation } = session;
  await stores.customers.put(aProfile({ customerId }), { incarnation, defaultMode: "multiple", now: noon });
  const stored = await stores.sessions.create(session);
  if (!stored.ok) throw new Error(`the session is not stored: ${stored.refusal}`);
};
