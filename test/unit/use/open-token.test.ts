import { describe, expect, it } from "vitest";
import type { TokenVault } from "#shared/connection/ports.ts";
import type { OpenTokenDependencies } from "#shared/use/open-token.ts";
import { aConnection, aTokenRecord, withAnotherToken } from "../../support/builders.ts";
import { createUseSetting } from "../../support/use-setting.ts";

describe("opening a token for a use", () => {
  it("gives the chosen token, once its use is written down", async () => {
    const { stores, connection, use, openWith } = await createUseSetting();
    const opened = await openWith()(use());
    if (!opened.ok) throw new Error(opened.refusal.reason);
    const { accessToken, record } = opened.value;
    expect(record).toEqual(connection.tokens[0]);
    expect(accessToken.reveal()).toBe(`token ${record.tokenId}`);
    const { customerId, connectionId } = connection;
    const { items } = await stores.audit.list(customerId, { limit: 9, from: undefined, connectionId });
    expect(items).toMatchObject([
      {
        ...{ customerId, connectionId, tokenId: record.tokenId, action: "token_handed_out", caller: "backend" },
        ...{ reason: "a report", products: ["company"], entityId: null, request: null, requestId: "request-1" },
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(accessToken.reveal());
  });

  it("knows no connection of another customer", async () => {
    const { stores, use, openWith } = await createUseSetting();
    const { connection: other } = await createUseSetting();
    const refused = { ok: false, refusal: { reason: "connection_unknown" } };
    expect(await openWith()(use({ customerId: other.customerId }))).toEqual(refused);
    expect(await openWith()(use({ connectionId: other.connectionId }))).toEqual(refused);
    expect(stores.memory.audit).toEqual([]);
  });

  it("writes nothing down and opens nothing where no token serves", async () => {
    const { stores, use, openWith } = await createUseSetting(aConnection({ heldReason: "acceptance_required" }));
    const open: TokenVault["open"] = async () => expect.fail("nothing is to be opened");
    expect(await openWith({ vault: { open } })(use())).toEqual({ ok: false, refusal: { reason: "held" } });
    expect(stores.memory.audit).toEqual([]);
  });

  it("gives no token whose use could not be written down", async () => {
    const { use, openWith } = await createUseSetting();
    const record = async () => {
      throw new Error("the table is away");
    };
    await expect(openWith({ audit: { record } })(use())).rejects.toThrow("the table is away");
  });

  it("waits for the entry, however fast the token opens", async () => {
    const { use, openWith } = await createUseSetting();
    let finish = (): void => {};
    const record = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    let isDone = false;
    const opening = openWith({ audit: { record } })(use()).then((opened) => {
      isDone = true;
      return opened;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isDone).toBe(false);
    finish();
    expect(await opening).toMatchObject({ ok: true });
  });

  it("finds a token that is not among the newest ones by its key", async () => {
    const { use, openWith, connection } = await createUseSetting();
    const opened = await openWith({ findNewestTokens: async () => [] })(use());
    expect(opened).toMatchObject({ ok: true, value: { record: { tokenId: connection.tokens[0]?.tokenId } } });
  });

  it("looks again where the chosen token was superseded since it was read", async () => {
    const { stores, connection, use, openWith, put } = await createUseSetting();
    const next = aTokenRecord({ products: ["company"] });
    const [old] = connection.tokens;
    let reads = 0;
    const find: OpenTokenDependencies["connections"]["find"] = async (...of) => {
      const found = await stores.connections.find(...of);
      reads += 1;
      if (reads > 1 || old === undefined) return found;
      // After it was read, a newer token takes the place of the old one, whose item goes.
      const added = await put(withAnotherToken(connection, next));
      const without = { ...added, tokens: [next], version: added.version + 1 };
      expect(await stores.connections.replace(without, [], [old.tokenId])).toBe(true);
      return found;
    };
    const connections = { ...stores.connections, find };
    const opened = await openWith({ connections, findNewestTokens: async () => [] })(use());
    expect(opened).toMatchObject({ ok: true, value: { record: { tokenId: next.tokenId } } });
    expect(reads).toBe(2);
  });

  it("looks again where the vault has destroyed it meanwhile, and only then", async () => {
    const { stores, connection, use, openWith, vault } = await createUseSetting();
    let tries = 0;
    const open: TokenVault["open"] = async (...of) => {
      tries += 1;
      if (tries > 1) return vault.open(...of);
      throw new Error("no such secret");
    };
    // Its item is still there: then the vault's error is the truth.
    await expect(openWith({ vault: { open } })(use())).rejects.toThrow("no such secret");
    expect(tries).toBe(1);
    tries = 0;
    const findToken = async () => undefined;
    const opened = await openWith({ vault: { open }, connections: { ...stores.connections, findToken } })(use());
    expect(opened).toMatchObject({ ok: true, value: { record: { tokenId: connection.tokens[0]?.tokenId } } });
    expect(tries).toBe(2);
  });

  it("gives up after three looks with the vault's own error", async () => {
    const { stores, use, openWith } = await createUseSetting();
    const destroyed = new Error("no such secret");
    let tries = 0;
    const open: TokenVault["open"] = async () => {
      tries += 1;
      throw tries > 3 ? new Error("it goes on and on") : destroyed;
    };
    const connections = { ...stores.connections, findToken: async () => undefined };
    await expect(openWith({ vault: { open }, connections })(use())).rejects.toBe(destroyed);
    expect(tries).toBe(3);
  });

  it("gives up where a token's item stays missing", async () => {
    const { stores, use, openWith } = await createUseSetting();
    const findToken = async () => undefined;
    const missing = openWith({ findNewestTokens: async () => [], connections: { ...stores.connections, findToken } });
    await expect(missing(use())).rejects.toThrow("a connection's token is missing");
  });
});
