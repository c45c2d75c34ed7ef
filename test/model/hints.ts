/** What tells Perch to look: Finch's webhooks and the platform's reports. Both come as often and as late as they like. */
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { receiveReport } from "#shared/connection/receive-report.ts";
import { receiveWebhook } from "#shared/connection/receive-webhook.ts";
import type { Point } from "../faults/faulty-ports.ts";
import { headersOf, signWebhook } from "../support/signed-webhook.ts";
import { wrong } from "./compare.ts";
import type { Model } from "./model.ts";
import { functionLifeMs, type Perch, webhookSecret } from "./perch.ts";

const times = { once: 1, twice: 2, never: 0 };

/** One of Finch's webhooks comes, in whatever order; or is lost. One that was not acknowledged comes again. */
export const deliver = async (perch: Perch, of: number, arrives: keyof typeof times, fault?: Point): Promise<void> => {
  const { webhooks } = perch.finch;
  const webhook = webhooks[of % webhooks.length];
  if (webhook === undefined) return;
  const { eventId, connectionId, status } = webhook;
  perch.story.push(
    `Finch's webhook ${eventId} about ${connectionId} (${status}) comes ${arrives}${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`,
  );
  const body = { event_type: "account.updated", connection_id: connectionId, data: { status } };
  const signed = signWebhook([webhookSecret], body, { eventId, at: perch.now() });
  const headers = Object.fromEntries(
    Object.entries(headersOf(signed)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  let isAcknowledged = arrives === "never";
  for (let copies = times[arrives]; copies > 0; copies -= 1) {
    const before = perch.queue.length;
    const { value } = await perch.run(fault, functionLifeMs, (ports) =>
      receiveWebhook(ports)({ headers, body: signed.body }),
    );
    if (value?.ok) isAcknowledged = true;
    perch.delivered.push(webhook);
    if (value?.ok && perch.queue.length === before) throw wrong(perch, `${eventId} was acknowledged and forgotten`);
  }
  if (isAcknowledged) webhooks.splice(webhooks.indexOf(webhook), 1);
};

/** A service of the platform reports that a connection needs its customer; a hint of somebody else's asks for nothing. */
export const report = async (
  model: Model,
  perch: Perch,
  connectionId: string,
  customerId: string,
  fault?: Point,
): Promise<void> => {
  perch.story.push(
    `${customerId}'s service reports ${connectionId}${fault ? ` [await ${fault.call} ${fault.fault}]` : ""}`,
  );
  const before = perch.queue.length;
  const isOwner = model.connections.get(connectionId)?.customerId === customerId;
  const { value, wasFaulty } = await perch.run(fault, functionLifeMs, (ports) =>
    receiveReport(ports)({ customerId: customerId as CustomerId, connectionId: connectionId as ConnectionId }),
  );
  if (!isOwner && perch.queue.length > before) throw wrong(perch, `${customerId} made Perch look at another's`);
  if (!wasFaulty && value?.ok !== isOwner) throw wrong(perch, `the report was taken for ${value?.ok ? "good" : "bad"}`);
};
