import { expect } from "vitest";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { secret } from "#shared/secret.ts";
import { aProfile, noon } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

/** A customer, its deletion, and what there is of it afterwards. */
export const createDeletionSetting = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const deps = {
    ...setting.deps,
    ...{ publicUrl: "https://perch.example", returnOrigins: [] as string[] },
    customerHash: async () => "hash",
    nudgeDisconnects: async () => {},
    nudgeDeletions: async () => {},
    putOntoBus: async (events: readonly { readonly eventId: string }[]) =>
      new Set(events.map(({ eventId }) => eventId)),
  };
  const remove = async () => {
    const removed = await deleteCustomer(deps)(acme);
    return removed.ok ? removed.value : expect.fail();
  };
  // Tokens that were not sealed open too.
  const vault = { open: async () => secret("a token"), destroy: async () => {} };
  /** Steps, and disconnects that Finch confirms, until it is done. */
  const finish = async (deletionId: Awaited<ReturnType<typeof remove>>["deletionId"]) => {
    for (let round = 0; round < 10; round += 1) {
      const { step } = await driveDeletion(deps)(deletionId);
      if (step === "completed") return;
      for (const { connectionId } of [...setting.memory.connections.values()]) {
        setting.finch.willAnswerDisconnect({ kind: "disconnected" });
        await driveDisconnect({ ...deps, vault })(acme, connectionId);
      }
    }
    expect.fail("the deletion does not end");
  };
  const putAgain = () =>
    setting.customers.put(aProfile({ customerId: acme }), {
      incarnation: "a later life",
      defaultMode: "multiple",
      now: noon,
    });
  const { customers, sessions, owners, connections, tokens } = setting.memory;
  const kept = { customers, sessions, owners, connections, tokens };
  const stored = () => Object.fromEntries(Object.entries(kept).map(([name, { size }]) => [name, size]));
  return { ...setting, deps, acme, remove, finish, putAgain, stored };
};
