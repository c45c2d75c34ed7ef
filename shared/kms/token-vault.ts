import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { TokenContext, TokenVault } from "../connection/ports.ts";
import { secret } from "../secret.ts";

/**
 * Seals access tokens under one KMS key. Customer and connection are the encryption context: authenticated by KMS with the
 * ciphertext, demanded by the roles' policies, and written to CloudTrail with each use.
 */
export const createTokenVault = (kms: Pick<KMSClient, "send">, keyArn: string): TokenVault => ({
  async seal(accessToken, context) {
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({
        KeyId: keyArn,
        Plaintext: Buffer.from(accessToken.reveal(), "utf8"),
        EncryptionContext: encryptionContext(context),
      }),
    );
    if (CiphertextBlob === undefined) throw new Error("KMS answered without a ciphertext");
    return { ciphertext: CiphertextBlob };
  },

  async open(sealed, context) {
    if (!("ciphertext" in sealed)) throw new Error("the token is kept in another store");
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: sealed.ciphertext,
        EncryptionContext: encryptionContext(context),
      }),
    );
    if (Plaintext === undefined) throw new Error("KMS answered without a plaintext");
    return secret(Buffer.from(Plaintext).toString("utf8"));
  },

  // The ciphertext is in the token's item and nowhere else: it goes with the item.
  async destroy() {},
});

const encryptionContext = ({ customerId, connectionId }: TokenContext) => ({
  customer_id: customerId,
  connection_id: connectionId,
});
