import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { createNudgeChecks, readCheckMessage } from "#shared/sqs/check-messages.ts";

const request: CheckRequest = {
  customerId: "acme|1" as CustomerId,
  connectionId: "9f1e2d3c-4b5a-4697-8877-665544332211" as ConnectionId,
  reason: "connected",
  askedAt: new Date("2026-03-01T09:30:00.123Z"),
  madeAt: new Date("2026-03-01T09:29:00.000Z"),
};
const webhook: CheckRequest = {
  customerId: undefined,
  connectionId: request.connectionId,
  reason: "webhook",
  askedAt: request.askedAt,
  finchEventId: "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj",
};

/** A queue that keeps what it is given, and refuses some entries of a batch. */
const aQueue = (refused = 0) => {
  const calls: string[][] = [];
  const send = async (command: unknown) => {
    if (command instanceof SendMessageCommand) calls.push([command.input.MessageBody ?? ""]);
    if (!(command instanceof SendMessageBatchCommand)) return {};
    calls.push((command.input.Entries ?? []).map(({ MessageBody = "" }) => MessageBody));
    return { Failed: (command.input.Entries ?? []).slice(0, refused) };
  };
  return { calls, nudge: createNudgeChecks({ send } as never, "https://queue.example.com") };
};

describe("requests for looks", () => {
  it.each([
    ["with all that is known", request],
    ["of a webhook", webhook],
  ])("arrive as they were sent, %s", async (_, sent) => {
    const { calls, nudge } = aQueue();
    await nudge([sent]);
    expect(calls.flat().map(readCheckMessage)).toEqual([sent]);
  });

  it("go in one call for each ten, and in none when there are none", async () => {
    const { calls, nudge } = aQueue();
    await nudge([]);
    await nudge(Array.from({ length: 21 }, () => request));
    expect(calls.map((each) => each.length)).toEqual([10, 10, 1]);
  });

  it("are said to be lost when the queue did not take one of them", async () => {
    await expect(aQueue(1).nudge([request, webhook])).rejects.toThrow("did not take");
  });

  const good = {
    customer_id: "acme",
    connection_id: "c-1",
    reason: "sweep",
    asked_at: "2026-03-01T09:30:00.123Z",
  };
  it.each([
    ["no JSON", "x"],
    ["null", "null"],
    ["no connection", JSON.stringify({ ...good, connection_id: undefined })],
    ["a connection that cannot be one", JSON.stringify({ ...good, connection_id: "a.b" })],
    ["a customer that cannot be one", JSON.stringify({ ...good, customer_id: ".." })],
    ["a customer that is no text", JSON.stringify({ ...good, customer_id: 1 })],
    ["a reason that nobody has", JSON.stringify({ ...good, reason: "whim" })],
    ["no time", JSON.stringify({ ...good, asked_at: undefined })],
    ["a time that is none", JSON.stringify({ ...good, made_at: "yesterday" })],
    ["an event that is no text", JSON.stringify({ ...good, finch_event_id: 1 })],
  ])("are not read out of %s", (_, body) => {
    expect(readCheckMessage(JSON.stringify(good)).reason).toBe("sweep");
    expect(() => readCheckMessage(body)).toThrow();
  });
});
