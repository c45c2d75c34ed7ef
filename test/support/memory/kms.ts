import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";

/** A KMS with one key, which binds a ciphertext to its encryption context as the real one does (AES-256-GCM). */
export const createMemoryKms = (keyArn: string): KMSClient => {
  const key = randomBytes(32);
  const aad = (context: Record<string, string> | undefined) =>
    Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort()));
  const send = async (command: unknown) => {
    if (!(command instanceof EncryptCommand || command instanceof DecryptCommand)) throw new Error("no such call");
    const { KeyId, EncryptionContext } = command.input;
    if (KeyId !== keyArn) throw new Error("NotFoundException");
    if (command instanceof EncryptCommand) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad(EncryptionContext));
      const sealed = Buffer.concat([cipher.update(command.input.Plaintext ?? new Uint8Array()), cipher.final()]);
      return { CiphertextBlob: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
    }
    const blob = Buffer.from(command.input.CiphertextBlob ?? new Uint8Array());
    const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12), { authTagLength: 16 })
      .setAAD(aad(EncryptionContext))
      .setAuthTag(blob.subarray(12, 28));
    return { Plaintext: Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]) };
  };
  return { send } as unknown as KMSClient;
};
