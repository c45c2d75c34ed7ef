/** A bucket in memory, and keys that open for their context only. */
import { randomBytes, randomUUID } from "node:crypto";
import type { DataKeys, PageContext } from "#shared/roster/ports.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { createPageVault } from "#shared/s3/page-vault.ts";
import { newCustomerId } from "../../support/builders.ts";

export const createStage = () => {
  const objects = new Map<string, Uint8Array>();
  const keysMade: Uint8Array[] = [];
  const sealedFor = new Map<string, { readonly key: Uint8Array; readonly context: string }>();
  const dataKeys: DataKeys = {
    async make(context) {
      const [key, sealed] = [randomBytes(32), randomBytes(184)];
      keysMade.push(key);
      sealedFor.set(sealed.toString("hex"), { key, context: JSON.stringify(context) });
      return { key, sealed };
    },
    async open(sealed, { customerId, rosterId }) {
      const found = sealedFor.get(Buffer.from(sealed).toString("hex"));
      if (found?.context !== JSON.stringify({ customerId, rosterId })) throw new Error("InvalidCiphertextException");
      return found.key;
    },
  };
  const bucket = {
    put: async (key: string, body: Uint8Array) => void objects.set(key, body),
    get: async (key: string) => {
      const found = objects.get(key);
      return found && Buffer.from(found);
    },
    list: async (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).slice(0, 1_000),
    delete: async (key: string) => void objects.delete(key),
  };
  return { objects, bucket, dataKeys, keysMade, vault: () => createPageVault(bucket, dataKeys) };
};
export const aContext = (): PageContext => ({ customerId: newCustomerId(), rosterId: randomUUID() as RosterId });
export const page = [{ name: "Annabel Okonkwo", dob: "1988-04-12" }];
