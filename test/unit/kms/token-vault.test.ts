import { type DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { expect, it } from "vitest";
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
