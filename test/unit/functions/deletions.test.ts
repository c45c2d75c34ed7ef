/** A customer's deletion is asked for, read, and driven: what the replies say, and what the log does. */
import { describe, expect, it } from "vitest";
import { operation as deleteOperation } from "#generated/operations/delete-customer.js";
import { operation as readOperation } from "#generated/operations/get-customer-deletion.js";
import type { DeletionId } from "#shared/connection/identifiers.ts";
import { readDeletionNudge } from "#shared/sqs/nudge-deletion.ts";
import { createHandler as createDelete } from "../../../functions/delete-customer/handler.ts";
import { createHandler as createDrive } from "../../../functions/drive-deletion/handler.ts";
import { createHandler as createRead } from "../../../functions/get-customer-deletion/handler.ts";
import { minute } from "../../support/builders.ts";
import { createDeletionSetting } from "../connection/deletion-setting.ts";
import { ask, codeOf, recordLog } from "./support.ts";

const unknown = "0199a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b";
const plenty = 15 * minute;

const setting = async ({ isBroken = false, remainingMs = plenty } = {}) => {
  const stage = await createDeletionSetting();
  const { log, lines } = recordLog();
  const nudged: DeletionId[] = [];
  const deps = {
    ...{ ...stage.deps, log },
    nudgeDeletions: async (asked: readonly DeletionId[]) => {
      if (isBroken) throw new Error("the queue is down");
      nudged.push(...asked);
    },
  };
  const drive = createDrive({ ...deps, readMessage: readDeletionNudge });
  return {
    ...{ ...stage, lines, nudged },
    logged: () => lines.map((line) => JSON.parse(line)).map(({ level, message, reason }) => [level, message, reason]),
    request: (customerId: string = stage.acme) =>
      ask(createDelete(deps), deleteOperation, { path: { customer_id: customerId } }),
    read: (deletionId: string) => ask(createRead(deps), readOperation, { path: { deletion_id: deletionId } }),
    receive: (...bodies: string[]) =>
      drive(
        { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) },
        { getRemainingTimeInMillis: () => remainingMs },
      ),
  };
};

const nudge = (deletionId: string) => JSON.stringify({ deletion_id: deletionId });

describe("delete-customer", () => {
  it("promises the deletion, says where it is to be read, and nudges its driver", async () => {
    const { request, read, nudged, acme } = await setting();
    const { status, headers, body } = await request();
    expect([status, body["status"], body["customer_id"]]).toEqual([202, "deleting", acme]);
    expect(headers["location"]).toBe(`/v1/customer-deletions/${body["deletion_id"]}`);
    expect(nudged).toEqual([body["deletion_id"]]);
    expect((await read(nudged[0] ?? "")).body).toEqual(body);
  });

  it("is answered alike when asked again", async () => {
    const { request } = await setting();
    expect((await request()).body).toEqual((await request()).body);
  });

  it("keeps its promise when the nudge fails, and does not say why in the log", async () => {
    const { request, lines, memory } = await setting({ isBroken: true });
    expect((await request()).status).toBe(202);
    expect(memory.deletions.size).toBe(1);
    expect(lines.join()).not.toContain("the queue is down");
  });

  it("knows no customer that is not there, and nudges nobody", async () => {
    const { request, nudged, memory } = await setting();
    const refused = await request("nobody");
    expect([refused.status, codeOf(refused)]).toEqual([404, "not_found"]);
    expect([nudged, memory.deletions.size]).toEqual([[], 0]);
  });
});

describe("get-customer-deletion", () => {
  it("is the receipt once it is done", async () => {
    const { request, read, finish, connect, acme } = await setting();
    const { connectionId, providerId } = await connect(acme);
    const deletionId = String((await request()).body["deletion_id"]);
    await finish(deletionId as DeletionId);
    const { status, body } = await read(deletionId);
    expect([status, body["status"], body["connections_disconnected"], body["not_done"]]).toEqual([
      200,
      "completed",
      1,
      [],
    ]);
    expect(body["connections"]).toMatchObject([{ connection_id: connectionId, provider_id: providerId }]);
  });

  it("knows none that is not there", async () => {
    const refused = await (await setting()).read(unknown);
    expect([refused.status, codeOf(refused)]).toEqual([404, "not_found"]);
  });
});

describe("drive-deletion", () => {
  it("takes steps until it is done", async () => {
    const { request, receive, read, logged } = await setting();
    const deletionId = String((await request()).body["deletion_id"]);
    expect(await receive(nudge(deletionId))).toEqual({ batchItemFailures: [] });
    expect((await read(deletionId)).body["status"]).toBe("completed");
    expect(logged()).toContainEqual(["INFO", "deletion completed", "completed"]);
  });

  it("stops while there is time left to stop", async () => {
    const { request, receive, connect, acme, logged } = await setting({ remainingMs: minute });
    // More than one step asks for.
    for (let made = 0; made < 26; made += 1) await connect(acme);
    const deletionId = String((await request()).body["deletion_id"]);
    await receive(nudge(deletionId));
    const steps = logged().filter(([, message]) => String(message).startsWith("deletion "));
    expect(steps).toEqual([["INFO", "deletion more", "more"]]);
  });

  it("warns of one that is not done after a day, at each step", async () => {
    const { request, receive, connect, acme, advance, logged } = await setting();
    await connect(acme);
    const deletionId = String((await request()).body["deletion_id"]);
    await receive(nudge(deletionId));
    const warnings = () => logged().filter(([level]) => level === "WARN");
    expect(warnings()).toEqual([]);
    advance(24 * 60 * minute + 1);
    await receive(nudge(deletionId));
    expect(warnings()).toEqual([["WARN", "deletion overdue", "waiting"]]);
  });

  it("gives back the messages that fail, and no others", async () => {
    const { request, receive, logged } = await setting();
    const deletionId = String((await request()).body["deletion_id"]);
    const { batchItemFailures } = await receive("{}", nudge(deletionId), nudge(unknown));
    expect(batchItemFailures).toEqual([{ itemIdentifier: "m0" }]);
    expect(logged()).toContainEqual(["ERROR", "deletion failed", undefined]);
    expect(logged()).toContainEqual(["INFO", "deletion nothing_to_do", "nothing_to_do"]);
  });
});
