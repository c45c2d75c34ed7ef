/** What is read of a webhook's body, and what is not believed to be a type of event. */
import { expect, it } from "vitest";
import { readWebhookEvent } from "#shared/connection/webhook-event.ts";
import { newConnectionId } from "../../support/builders.ts";

const connectionId = newConnectionId();
const read = (type: unknown) =>
  readWebhookEvent(Buffer.from(JSON.stringify({ event_type: type, connection_id: connectionId })));

it.each([[["company.updated"]], [["company"]], [["payment.created"]], [7], [null], [{}]])(
  "an event whose type is %j, and no text, may be about its connection",
  (type) => {
    expect(read(type)).toEqual({ isAboutCompany: false, connectionId });
  },
);

it("a type in the place of another begins with all of its name", () => {
  expect(read("company.updated")).toMatchObject({ isAboutCompany: true });
  expect(read("companyish.updated")).toEqual({ isAboutCompany: false, connectionId });
  expect(read("payment")).toMatchObject({ isAboutCompany: false, connectionId: undefined });
});
