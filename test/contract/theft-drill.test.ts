/**
 * The theft drill: a thief has a copy of the whole table, or may write into it. `test/cdk/theft-drill.test.ts` has the thief
 * with a function's role.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { openTable, type Table } from "#shared/dynamodb/table.ts";
import { secret } from "#shared/secret.ts";
import {
  aClaim,
  aConnection,
  aProfile,
  aTokenRecord,
  newConnectionId,
  newCustomerId,
  noon,
} from "../support/builders.ts";
import { createConnectionTable, createLocalClient, type Dynoxide, startDynoxide } from "../support/dynoxide.ts";
import { recordFigure } from "../support/evidence.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { openDynamoStores } from "./open-stores.ts";
import { ciphertextOf, type OpenedStores } from "./opened-stores.ts";

const aBirth = () => ({ incarnation: randomUUID(), defaultMode: "multiple" as const, now: noon });

type Item = Readonly<Record<string, unknown>>;

const kms = createMemoryTokenVault();
const aToken = (): string => `finch-token-${randomBytes(24).toString("hex")}`;

describe("a thief with a copy of the table", () => {
  let [dynamo, table, stores]: [Dynoxide?, Table?, OpenedStores?] = [];
  const victims: { readonly connection: Connection; readonly token: string }[] = [];
  let dump: readonly Item[] = [];

  const claim = async (customerId: CustomerId) => {
    const connection = aConnection({ customerId, connectionId: newConnectionId(), tokens: [aTokenRecord()] });
    const token = aToken();
    const bare = aClaim(connection);
    const sealed = await kms.seal(secret(token), connection, bare.token.record.tokenId);
    const claimed = await stores?.connections.claim({ ...bare, token: { ...bare.token, sealed } });
    expect(claimed).toMatchObject({ ok: true });
    return { connection, token };
  };

  const sealedOf = (customerId: CustomerId) => dump.filter((item) => item["pk"] === `TOKENS#${customerId}`);

  beforeAll(async () => {
    dynamo = await startDynoxide();
    const client = createLocalClient(dynamo.endpoint);
    await createConnectionTable(client, "stolen");
    table = openTable("stolen", client);
    stores = openDynamoStores(client, "stolen", 1);
    for (const name of ["acme", "initech"]) {
      const customerId = newCustomerId(name);
      await stores.customers.put(aProfile({ customerId }), aBirth());
      victims.push(await claim(customerId), await claim(customerId));
    }
    dump = (await table.client.send(new ScanCommand({ TableName: "stolen" }))).Items ?? [];
  });
  afterAll(async () => {
    await stores?.close();
    await dynamo?.stop();
  });

  it("has ciphertexts and no token, in no encoding that somebody would look for", () => {
    const bytes = Buffer.concat(
      dump.flatMap((item) =>
        Object.values(item).map((value) => (value instanceof Uint8Array ? value : Buffer.alloc(0))),
      ),
    );
    const text = JSON.stringify(dump);
    for (const { token, connection } of victims) {
      expect(sealedOf(connection.customerId)).toHaveLength(2);
      const plain = Buffer.from(token);
      for (const form of [token, plain.toString("base64"), plain.toString("base64url"), plain.toString("hex")]) {
        expect(text).not.toContain(form);
      }
      expect(bytes.includes(plain)).toBe(false);
    }
  });

  it("opens none with a key of their own, or under another customer or connection that the copy names", async () => {
    let pairs = 0;
    for (const { connection, token } of victims) {
      const { customerId, connectionId, tokens } = connection;
      const [record] = tokens;
      const stored = record && (await stores?.connections.findToken(customerId, connectionId, record.tokenId));
      if (stored === undefined) throw new Error("the victim has no token");
      await expect(createMemoryTokenVault().open(stored.sealed, connection)).rejects.toThrow();
      const opened: string[] = [];
      for (const one of victims) {
        for (const other of victims) {
          const context = { customerId: one.connection.customerId, connectionId: other.connection.connectionId };
          const revealed = await kms.open(stored.sealed, context).catch(() => undefined);
          pairs += 1;
          if (revealed !== undefined) opened.push(`${context.customerId} ${context.connectionId} ${revealed.reveal()}`);
        }
      }
      // Whoever may use the key opens it under its own names, which two of the pairs are, and under no others.
      expect(new Set(opened)).toEqual(new Set([`${customerId} ${connectionId} ${token}`]));
    }
    recordFigure("names tried on stolen tokens", pairs, "pairs", "A ciphertext opens under its own names only");
  });

  it("who writes a stolen ciphertext into a customer of their own has nothing that opens there", async () => {
    const own = newCustomerId("thief");
    await stores?.customers.put(aProfile({ customerId: own }), aBirth());
    const connectionId = newConnectionId();
    const [victim] = victims;
    const [stolen] = sealedOf(victim?.connection.customerId ?? own);
    const connection = aConnection({ customerId: own, connectionId, tokens: [aTokenRecord()] });
    const bare = aClaim(connection);
    const sealed = { ciphertext: stolen?.["ciphertext"] as Uint8Array };
    expect(await stores?.connections.claim({ ...bare, token: { ...bare.token, sealed } })).toMatchObject({ ok: true });
    const planted = await stores?.connections.findToken(own, connectionId, bare.token.record.tokenId);
    expect(ciphertextOf(planted)).toEqual(sealed.ciphertext);
    await expect(kms.open(sealed, { customerId: own, connectionId })).rejects.toThrow();
  });
});
