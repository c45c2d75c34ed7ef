import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { TokenContext, TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";

const nonceLength = 12;
const tagLength = 16;

/** A vault in memory, under a key of its own unless one is given: AES-256-GCM with the context as additional authenticated data. */
export const createMemoryTokenVault = (key: Uint8Array = randomBytes(32)): TokenVault => {
  return {
    async seal(accessToken, context) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bytesOf(context));
      const sealed = Buffer.concat([cipher.update(accessToken.reveal(), "utf8"), cipher.final()]);
      return { ciphertext: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
    },

    async open(sealed, context) {
      if (!("ciphertext" in sealed)) throw new Error("the token is kept in another store");
      const bytes = Buffer.from(sealed.ciphertext);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceLength), {
        authTagLength: tagLength,
      })
        .setAAD(bytesOf(context))
        .setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const opened = Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]);
      return secret(opened.toString("utf8"));
    },

    // All there is of it is the ciphertext, which goes with the token's item.
    async destroy() {},
  };
};

// A list, so that no part of one id can pass for part of the other.
const bytesOf = ({ customerId, connectionId }: TokenContext) => Buffer.from(JSON.stringify([customerId, connectionId]));
