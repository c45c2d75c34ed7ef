import type { ConnectSession } from "#shared/connection/connect-session.ts";
import { type Connection, isInUse } from "#shared/connection/connection.ts";
import type { CustomerMode } from "#shared/connection/customer.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { Claim } from "#shared/connection/store-ports.ts";
import {
  aClaim,
  aConnection,
  afterNoon,
  aProfile,
  aSession,
  minute,
  newCustomerId,
  noon,
} from "../support/builders.ts";
import { storeSession } from "../support/store-session.ts";
import type { OpenedStores } from "./opened-stores.ts";

/** The steps that tests of claims begin with. */
export const createClaimSetting = (stores: () => OpenedStores) => {
  /** A customer that the store knows. */
  const aKnownCustomer = async (mode: CustomerMode = "multiple"): Promise<CustomerId> => {
    const customerId = newCustomerId();
    await stores().customers.put(aProfile({ customerId }), { incarnation: "first", defaultMode: mode, now: noon });
    return customerId;
  };

  /** A claim that was carried out for a new customer. */
  const aClaimedConnection = async (changes: Partial<Connection> = {}): Promise<Claim> => {
    const customerId = changes.customerId ?? (await aKnownCustomer());
    const connection = aConnection({ ...changes, customerId });
    const claim = aClaim(connection, { takesIntoUse: isInUse(connection) });
    const claimed = await stores().connections.claim(claim);
    if (!claimed.ok) throw new Error(`the claim was refused: ${claimed.refusal.reason}`);
    return claim;
  };

  /** A session of the customer that is exchanging. */
  const anExchangingSession = async (
    customerId: CustomerId,
    changes: Partial<ConnectSession> = {},
  ): Promise<ConnectSession> => {
    const session = aSession({
      customerId,
      status: "exchanging",
      exchange: {
        stateHash: "hash-of-state",
        holderHash: "hash-of-cookie",
        codeHash: "hash-of-code",
        attempt: 1,
        leaseUntil: afterNoon(2 * minute),
      },
      version: 3,
      ...changes,
    });
    await storeSession(stores(), session);
    return session;
  };

  return { aKnownCustomer, aClaimedConnection, anExchangingSession };
};
