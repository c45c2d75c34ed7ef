import { randomBytes, randomUUID } from "node:crypto";
import { createCapability, hashOf } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { PageSessionId } from "#shared/connection/identifiers.ts";
import { beginVisit } from "#shared/page/page-session.ts";
import type { OpenedStores } from "../../../contract/opened-stores.ts";
import { anEntity } from "../../../security/route-case.ts";
import {
  aClaim,
  aConnection,
  aDeletion,
  aDisconnect,
  anEvent,
  anOpening,
  aPageSession,
  aProfile,
  aSession,
  newCustomerId,
  newSessionId,
} from "../../../support/builders.ts";
import { anOutcome, aRoster } from "../../../support/roster-builders.ts";
import { aWebhookSecret } from "../../../support/signed-webhook.ts";
import type { Stored } from "./events.ts";

const hourMs = 3_600_000;
/** What goes on with a roster, and what shows one. */
const rosterSteps = ["read-roster-page", "reconcile-roster"];
const rosterReaders = ["list-employees", "get-employee"];

/** Connections as the functions want them that do not take any. */
const changesFor = (name: string, past: Date): Partial<Connection> => {
  const entities = [anEntity, "entity-2"].map((id) => ({ id, name: id, sourceId: id, status: "connected" }));
  switch (name) {
    case "drive-disconnect":
      return { disconnect: aDisconnect({ requestedAt: past, nextAttemptAt: past }) };
    case "read-employers":
      return { employers: [] };
    case "disconnect-entity":
      return { entities };
    default:
      return {};
  }
};

/** Stores a customer with a connection that is due, an open session and, for what drives it, a deletion. */
export const storeFor = async (name: string, stores: OpenedStores): Promise<Stored> => {
  const [past, now] = [new Date(Date.now() - hourMs), new Date()];
  const customerId = newCustomerId();
  const incarnation = randomUUID();
  const put = await stores.customers.put(aProfile({ customerId }), { incarnation, defaultMode: "multiple", now: past });
  if (!put.ok) throw new Error(`the customer is not stored: ${put.refusal}`);

  const connection = aConnection({
    ...{ customerId, createdAt: past, updatedAt: past, introspectedAt: past, nextCheckAt: past },
    ...changesFor(name, past),
  });
  const events = [{ ...anEvent(connection), time: past }];
  const claimed = await stores.connections.claim(aClaim(connection, { incarnation, now: past, events }));
  if (!claimed.ok) throw new Error(`the connection is not stored: ${claimed.refusal.reason}`);

  const sessionId = newSessionId();
  const [ticket, state] = [randomBytes(32), randomBytes(32)].map((random) => createCapability(sessionId, random));
  const cookie = randomBytes(32).toString("base64url");
  const opening = anOpening({ stateHash: state?.hash ?? "", holderHash: hashOf(cookie), openedAt: past });
  const created = await stores.sessions.create(
    aSession({
      ...{ sessionId, customerId, incarnation, ticketHash: ticket?.hash ?? "", openings: [opening] },
      ...{ createdAt: past, expiresAt: new Date(now.getTime() + hourMs) },
    }),
  );
  if (!created.ok) throw new Error(`the session is not stored: ${created.refusal}`);

  const page = createCapability(randomUUID() as PageSessionId, randomBytes(32));
  const session = aPageSession({ pageSessionId: page.sessionId, customerId, incarnation, createdAt: now });
  await stores.pages.create({ ...session, visit: beginVisit(page.hash, now) });

  const deletion = aDeletion({ customerId, incarnation, requestedAt: past, nextStepAt: past });
  if (name === "drive-deletion" && !(await stores.deletions.begin(put.value.customer, deletion))) {
    throw new Error("the deletion is not stored");
  }
  const roster = aRoster({ customerId, expiresAt: new Date(now.getTime() + hourMs) });
  const isRosterWanted = rosterSteps.includes(name) || rosterReaders.includes(name);
  if (isRosterWanted) await stores.rosters.begin(roster, null, []);
  if (rosterSteps.includes(name)) await stores.rosters.plan(roster, [connection.connectionId], new Uint8Array(32));
  if (rosterReaders.includes(name)) await stores.rosters.publish(roster, anOutcome(), now, []);
  return {
    ...{ customer: customerId, session: sessionId, connection: connection.connectionId, cookie },
    ...{ ticket: ticket?.text ?? "", state: state?.text ?? "", deletion: deletion.deletionId },
    roster: roster.rosterId,
    page: { id: page.sessionId, cookie: page.text, link: page.text },
    webhookSecret: aWebhookSecret(),
  };
};
