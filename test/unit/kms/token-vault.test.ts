import { type DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createTokenVault } from "#shared/kms/token-vault.ts";
import { secret } from "#shared/secret.ts";
import { newConnectionId, newCustomerId, newTokenId } from "../../support/builders.ts";

it("names customer and connection to KMS, each by its own key, to seal and to open", async () => {
  const sent: (EncryptCommand | DecryptCommand)[] = [];
  const kms = {
    send: async (command: EncryptCommand | DecryptCommand) => {
      sent.push(command);
      return command instanceof EncryptCommand
        ? { CiphertextBlob: Buffer.from("sealed") }
        : { Plaintext: Buffer.from("token") };
    },
  } as unknown as KMSClient;
  const vault = createTokenVault(kms, "the-key");
  const context = { customerId: newCustomerId("acme"), connectionId: newConnectionId() };
  const sealed = await vault.seal(secret("token"), context, newTokenId());
  await vault.open(sealed, context);
  // The roles' conditions and the key's policy know these two names (cdk/constructs/token-key.ts).
  const EncryptionContext = { customer_id: context.customerId, connection_id: context.connectionId };
  expect(sent.map(({ input }) => input)).toEqual([
    { KeyId: "the-key", Plaintext: Buffer.from("token"), EncryptionContext },
    { KeyId: "the-key", CiphertextBlob: Buffer.from("sealed"), EncryptionContext },
  ]);
});

describe("a vault under KMS", () => {
  const context = { customerId: newCustomerId(), connectionId: newConnectionId() };
  const empty = { send: async () => ({}) } as unknown as KMSClient;

  it("fails when KMS answers without what was asked for", async () => {
    const vault = createTokenVault(empty, "the-key");
    await expect(vault.seal(secret("token"), context, newTokenId())).rejects.toThrow("without a ciphertext");
    await expect(vault.open({ ciphertext: new Uint8Array([1]) }, context)).rejects.toThrow("without a plaintext");
  });

  it("does not ask KMS to open what is kept in a secret", async () => {
    const opening = createTokenVault(empty, "the-key").open({ secretName: "perch/prod/one" }, context);
    await expect(opening).rejects.toThrow("kept in another store");
  });
});
