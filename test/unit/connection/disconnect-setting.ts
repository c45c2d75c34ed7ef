import { expect } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { aGrant, newConnectionId } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

/** What Finch answers to a disconnect. */
export const [disconnected, invalid] = [{ kind: "disconnected" }, { kind: "invalid_token" }] as const;
/** A connection with so many tokens whose disconnect has been asked for. */
export const createStage = async ({ tokens = 1, isAsked = true } = {}) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const connectionId = newConnectionId();
  for (let index = 0; index < tokens; index += 1) await setting.bring(acme, aGrant({ connectionId }));
  if (isAsked) await requestDisconnect(setting.deps)(acme, connectionId);
  const destroyed: Sealed[] = [];
  const deps = {
    ...setting.deps,
    vault: { ...setting.vault, destroy: async (sealed: Sealed) => void destroyed.push(sealed) },
    customerHash: async () => "keyed-hash-of-acme",
  };
  const drive = (dependencies = deps) => driveDisconnect(dependencies)(acme, connectionId);
  const stored = () => setting.connections.find(acme, connectionId);
  const asked = () => setting.finch.calls.filter(({ operation }) => operation === "disconnect").length;
  return { ...setting, acme, connectionId, destroyed, deps, drive, stored, asked };
};
export type Stage = Awaited<ReturnType<typeof createStage>>;

/** Nothing of the connection has gone. */
export const expectUntouched = async ({ memory, stored, destroyed, connectionId, acme }: Stage, tokens: number) => {
  expect((await stored())?.tokens).toHaveLength(tokens);
  expect([memory.tokens.size, memory.owners.get(connectionId), destroyed]).toEqual([tokens, acme, []]);
};
