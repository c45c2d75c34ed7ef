import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Sealed, SealedToken } from "../connection/ports.ts";
import { fromTokenRecord } from "./connection-item.ts";
import { type Item, readItem } from "./item.ts";

/** The attributes of a sealed token: its ciphertext, or the name of the secret that holds it. */
export const toSealed = (sealed: Sealed): Item =>
  "ciphertext" in sealed ? { ciphertext: sealed.ciphertext } : { secret_name: sealed.secretName };

/** The attributes as a sealed token. @throws TypeError if there is neither. */
const fromSealed = (item: Item): Sealed =>
  item["secret_name"] === undefined
    ? { ciphertext: readItem(item).bytes("ciphertext") }
    : { secretName: readItem(item).text("secret_name") };

/** The item of a connection's token. @throws TypeError if it is malformed. */
export const fromTokenItem = (customerId: CustomerId, connectionId: ConnectionId, item: Item): SealedToken => ({
  customerId,
  connectionId,
  record: fromTokenRecord(readItem(item).map("record")),
  sealed: fromSealed(item),
});
