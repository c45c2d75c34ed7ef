import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { DataKeys, PageContext, PageName, PageVault } from "../roster/ports.ts";
import type { Bucket } from "./bucket.ts";

/** How an object begins: the version of its form. Then the sealed key's length and the key, the IV, the tag, and what is sealed. */
const mark = Buffer.from("PRCH1");
const [ivBytes, tagBytes] = [12, 16];

/**
 * Pages of people in a bucket, each compressed and sealed with AES-256-GCM under a key that is in the object, sealed by KMS
 * for this customer and roster. The object's name is authenticated with it, so that none can take another's place.
 *
 * A key serves all pages of a roster that one function writes or reads while it lives: GCM allows 2^32 of them with random
 * IVs (NIST SP 800-38D, section 8.3).
 */
export const createPageVault = (bucket: Pick<Bucket, "put" | "get">, dataKeys: DataKeys): PageVault => {
  const made = createKeyCache(dataKeys.make);
  const opened = new Map<string, Promise<Uint8Array>>();
  const open = (sealed: Uint8Array, context: PageContext): Promise<Uint8Array> => {
    const name = `${Buffer.from(sealed).toString("base64")} ${context.customerId} ${context.rosterId}`;
    const known = opened.get(name) ?? dataKeys.open(sealed, context);
    if (opened.size > mostKeys) opened.clear();
    opened.set(name, known);
    known.catch(() => opened.delete(name));
    return known;
  };

  return {
    async put(context, name, value) {
      const key = objectName(context, name);
      const dataKey = await made(context);
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", dataKey.key, iv).setAAD(Buffer.from(key));
      const sealed = [cipher.update(gzipSync(JSON.stringify(value))), cipher.final()];
      const length = Buffer.alloc(2);
      length.writeUInt16BE(dataKey.sealed.byteLength);
      await bucket.put(key, Buffer.concat([mark, length, dataKey.sealed, iv, cipher.getAuthTag(), ...sealed]));
    },

    async get(context, name) {
      const key = objectName(context, name);
      const bytes = await bucket.get(key);
      if (bytes === undefined) return undefined;
      if (!bytes.subarray(0, mark.length).equals(mark)) throw new Error("a page of people is malformed");
      const keyFrom = mark.length + 2;
      const ivFrom = keyFrom + bytes.readUInt16BE(mark.length);
      const [tagFrom, textFrom] = [ivFrom + ivBytes, ivFrom + ivBytes + tagBytes];
      const dataKey = await open(bytes.subarray(keyFrom, ivFrom), context);
      const decipher = createDecipheriv("aes-256-gcm", dataKey, bytes.subarray(ivFrom, tagFrom), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(key)).setAuthTag(bytes.subarray(tagFrom, textFrom));
      const text = Buffer.concat([decipher.update(bytes.subarray(textFrom)), decipher.final()]);
      return JSON.parse(gunzipSync(text).toString("utf8"));
    },
  };
};

const mostKeys = 100;

/** One key a roster, for the last roster that was asked for. */
const createKeyCache = (make: DataKeys["make"]): DataKeys["make"] => {
  let last: { readonly name: string; readonly made: ReturnType<DataKeys["make"]> } | undefined;
  return (context) => {
    const name = `${context.customerId} ${context.rosterId}`;
    if (last?.name !== name) {
      const made = make(context);
      last = { name, made };
      made.catch(() => {
        last = undefined;
      });
    }
    return last.made;
  };
};

/** What lives for a week and what lives for a month are apart, for the bucket's lifecycle; then the customer's are together. */
const objectName = ({ customerId, rosterId }: PageContext, name: PageName): string => {
  const [life = "", ...rest] = name.split("/");
  return [life, customerId, rosterId, ...rest].join("/");
};
