/** What the steps' processes share, on this machine's disk, so that none of it is in a step's own memory. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { DataKeys, PageContext } from "#shared/roster/ports.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import type { Bucket } from "#shared/s3/bucket.ts";
import type { MemoryState } from "../../support/memory/state.ts";

/** Whose roster it is. */
export interface Subject {
  readonly customerId: CustomerId;
  /** The one that is made. */
  readonly rosterId: RosterId;
  /** The newest before it, whose employees keep their ids. */
  readonly previousId: RosterId;
  /** In the order of the set's connections. */
  readonly connectionIds: readonly ConnectionId[];
}

export const newSubject = (connections: number): Subject => ({
  customerId: `bench-${randomUUID()}` as CustomerId,
  rosterId: randomUUID() as RosterId,
  previousId: randomUUID() as RosterId,
  connectionIds: Array.from({ length: connections }, () => randomUUID() as ConnectionId),
});

/** The bucket, an object a file; counts what goes to it. */
export const openBucket = (folder: string) => {
  const counted = { reads: 0, writes: 0, writtenBytes: 0 };
  const bucket: Pick<Bucket, "put" | "get"> = {
    async put(key, body) {
      counted.writes += 1;
      counted.writtenBytes += body.byteLength;
      const file = join(folder, "bucket", key);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, body);
    },
    async get(key) {
      counted.reads += 1;
      const file = join(folder, "bucket", key);
      return existsSync(file) ? readFileSync(file) : undefined;
    },
  };
  return { bucket, counted };
};

/** KMS's part, played by AES-256-GCM under a key that is the same for all processes. */
export const localDataKeys: DataKeys = {
  async make(context) {
    const [key, iv] = [randomBytes(32), randomBytes(12)];
    const cipher = createCipheriv("aes-256-gcm", rootKey, iv).setAAD(contextOf(context));
    const sealed = Buffer.concat([iv, cipher.update(key), cipher.final()]);
    return { key, sealed: Buffer.concat([sealed, cipher.getAuthTag()]) };
  },
  async open(sealed, context) {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv("aes-256-gcm", rootKey, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(contextOf(context)).setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  },
};

const rootKey = Buffer.alloc(32, 5);
const contextOf = ({ customerId, rosterId }: PageContext): Buffer => Buffer.from(`${customerId} ${rosterId}`);

/** The table's items, from one step to the next. */
export const saveState = (folder: string, state: MemoryState): void =>
  writeFileSync(join(folder, "state"), serialize(state));
export const loadState = (folder: string): MemoryState => deserialize(readFileSync(join(folder, "state")));
