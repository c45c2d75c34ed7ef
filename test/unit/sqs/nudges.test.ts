/** Nudges of the drivers: what is sent is read, and nothing is made out of what says nothing. */
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import type { ConnectionId, CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import { createNudgeDeletions, readDeletionNudge } from "#shared/sqs/nudge-deletion.ts";
import { createNudgeDisconnects, readNudge } from "#shared/sqs/nudge-disconnect.ts";

const deletionId = "0199a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b" as DeletionId;
const asked = { customerId: "acme|1" as CustomerId, connectionId: "c-1" as ConnectionId };

/** A queue that keeps what it is given. */
const aQueue = () => {
  const bodies: string[][] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof SendMessageBatchCommand)) throw new Error("not a batch");
    bodies.push((command.input.Entries ?? []).map(({ MessageBody = "" }) => MessageBody));
    return {};
  };
  return { bodies, client: { send } as never };
};

describe("nudges", () => {
  it("of disconnects arrive as they were sent, ten in a call", async () => {
    const { bodies, client } = aQueue();
    await createNudgeDisconnects(client, "https://queue.example.com")(Array.from({ length: 11 }, () => asked));
    expect(bodies.map((each) => each.length)).toEqual([10, 1]);
    expect(readNudge(bodies[1]?.[0] ?? "")).toEqual(asked);
  });

  it("of deletions arrive as they were sent, ten in a call", async () => {
    const { bodies, client } = aQueue();
    await createNudgeDeletions(client, "https://queue.example.com")(Array.from({ length: 11 }, () => deletionId));
    expect(bodies.map((each) => each.length)).toEqual([10, 1]);
    expect(readDeletionNudge(bodies[1]?.[0] ?? "")).toBe(deletionId);
  });

  it.each([
    ["no JSON", "x"],
    ["null", "null"],
    ["no customer", JSON.stringify({ connection_id: "c-1" })],
    ["a customer that is no text", JSON.stringify({ customer_id: 1, connection_id: "c-1" })],
    ["a customer that cannot be one", JSON.stringify({ customer_id: "..", connection_id: "c-1" })],
    ["no connection", JSON.stringify({ customer_id: "acme" })],
    ["a connection that is no text", JSON.stringify({ customer_id: "acme", connection_id: null })],
    ["a list for a deletion", JSON.stringify({ deletion_id: [deletionId] })],
  ])("are not read out of %s", (_, body) => {
    expect(() => readNudge(body)).toThrow();
    expect(() => readDeletionNudge(body)).toThrow();
  });
});
