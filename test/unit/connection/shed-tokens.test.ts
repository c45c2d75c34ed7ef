/** A connection with more tokens than go in one write, on its way out. */
import { describe, expect, it } from "vitest";
import { discardConnection } from "#shared/connection/change-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { Sealed } from "#shared/connection/ports.ts";
import { mostTokensAtOnce, shedTokens } from "#shared/connection/shed-tokens.ts";
import { secret } from "#shared/secret.ts";
import { aDisconnect, aTokenRecord, nthVersion } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const count = 2 * mostTokensAtOnce + 5;

/** A connection with so many tokens, each of which opens an entity of its own. */
const createStage = async (changes: Partial<Connection> = {}) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const names = Array.from({ length: count }, (_, index) => `e${index}`);
  const tokens = names.map((id) => aTokenRecord({ entityIds: [id] }));
  const entities = names.map((id) => ({ id, name: null, sourceId: null, status: "connected" }));
  const connection = await setting.connect(acme, { tokens, entities, ...changes });
  const { customerId, connectionId } = connection;
  const sealed = tokens.map(({ tokenId }): Sealed => ({ ciphertext: new TextEncoder().encode(tokenId) }));
  setting.memory.tokens.clear();
  for (const [index, record] of tokens.entries()) {
    const token = { customerId, connectionId, record, sealed: sealed[index] ?? expect.fail() };
    setting.memory.tokens.set(`${customerId}#${connectionId}#${record.tokenId}`, token);
  }
  const destroyed: Sealed[] = [];
  const vault = { ...setting.vault, destroy: async (each: Sealed) => void destroyed.push(each) };
  const stored = () => setting.connections.find(customerId, connectionId);
  return { ...setting, deps: { ...setting.deps, vault }, connection, sealed, destroyed, stored };
};

describe("a connection with very many tokens", () => {
  it("loses the oldest until the rest go in one write, and the entities that only those opened", async () => {
    const { deps, connection, sealed, destroyed, memory, stored } = await createStage();
    const told = memory.written.length;
    const rest = (await shedTokens(deps, connection)) ?? expect.fail();
    expect(rest).toEqual({
      ...connection,
      tokens: connection.tokens.slice(2 * mostTokensAtOnce),
      entities: connection.entities.slice(2 * mostTokensAtOnce),
      version: nthVersion(3),
    });
    expect([await stored(), memory.tokens.size, memory.written.length]).toEqual([rest, 5, told]);
    expect(destroyed).toEqual(sealed.slice(0, 2 * mostTokensAtOnce));
  });

  it("loses none where they go in one write just so", async () => {
    const tokens = Array.from({ length: mostTokensAtOnce }, () => aTokenRecord());
    const { deps, connection, destroyed } = await createStage();
    const full = { ...connection, tokens };
    expect([await shedTokens(deps, full), destroyed]).toEqual([full, []]);
  });

  it("loses those whose items are missing, too", async () => {
    const { deps, connection, memory, destroyed } = await createStage();
    memory.tokens.delete([...memory.tokens.keys()][7] ?? expect.fail());
    expect((await shedTokens(deps, connection))?.tokens).toHaveLength(5);
    expect(destroyed).toHaveLength(2 * mostTokensAtOnce - 1);
  });

  it("keeps all where somebody changed it meanwhile: nothing is destroyed, nor is the connection discarded", async () => {
    const { deps, connection, destroyed, memory, stored } = await createStage({ heldReason: "acceptance_required" });
    expect(await shedTokens(deps, { ...connection, version: connection.version - 1 })).toBeUndefined();
    expect([destroyed, memory.tokens.size]).toEqual([[], count]);
    let refusals = 1;
    const replace: typeof deps.connections.replace = async (...asked) => {
      refusals -= 1;
      return refusals >= 0 ? false : deps.connections.replace(...asked);
    };
    const overtaken = { ...deps, connections: { ...deps.connections, replace } };
    expect(await discardConnection(overtaken)(connection.customerId, connection.connectionId)).toMatchObject({
      ok: true,
    });
    expect([await stored(), memory.tokens.size, destroyed.length]).toEqual([undefined, 0, count]);
  });

  it("is not ended by a driver that another one has overtaken", async () => {
    const { deps, connection, finch, stored, memory } = await createStage({ disconnect: aDisconnect() });
    finch.willAnswerDisconnect({ kind: "disconnected" });
    const replace = async () => false;
    const open = async () => secret("a token");
    const drive = driveDisconnect({
      ...deps,
      vault: { ...deps.vault, open },
      connections: { ...deps.connections, replace },
      customerHash: async () => "hash",
    });
    expect(await drive(connection.customerId, connection.connectionId)).toBe("not_yet");
    expect([await stored(), memory.tombstones.size]).toEqual([connection, 0]);
  });
});
