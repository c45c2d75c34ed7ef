import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { DataKeys, PageContext } from "../roster/ports.ts";

/**
 * Keys of rosters' pages, made and opened by one KMS key. Customer and roster are the encryption context: authenticated by
 * KMS, demanded by the roles' policies, and written to CloudTrail with each use.
 */
export const createDataKeys = (kms: Pick<KMSClient, "send">, keyArn: string): DataKeys => ({
  async make(context) {
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: encryptionContext(context) }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) throw new Error("KMS answered without a key");
    return { key: Plaintext, sealed: CiphertextBlob };
  },

  async open(sealed, context) {
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: sealed,
        EncryptionContext: encryptionContext(context),
      }),
    );
    if (Plaintext === undefined) throw new Error("KMS answered without a plaintext");
    return Plaintext;
  },
});

const encryptionContext = ({ customerId, rosterId }: PageContext) => ({
  customer_id: customerId,
  roster_id: rosterId,
});
