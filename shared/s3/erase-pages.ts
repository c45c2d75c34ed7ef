import type { CustomerId } from "../connection/identifiers.ts";
import type { Bucket } from "./bucket.ts";

const lives = ["pages", "rosters"] as const;
const atOnce = 25;

/**
 * Creates what erases a customer's pages from the bucket, up to a thousand of each life at a call.
 *
 * @returns true once there is none, by a list that S3 answers consistently.
 */
export const createErasePages =
  (bucket: Pick<Bucket, "list" | "delete">) =>
  async (customerId: CustomerId): Promise<boolean> => {
    let isEmpty = true;
    for (const life of lives) {
      const names = await bucket.list(`${life}/${customerId}/`);
      if (names.length > 0) isEmpty = false;
      for (let from = 0; from < names.length; from += atOnce) {
        await Promise.all(names.slice(from, from + atOnce).map(bucket.delete));
      }
    }
    return isEmpty;
  };
