import type { Sealed } from "../connection/ports.ts";
import { type Item, readItem } from "./item.ts";

/** The attributes of a sealed token: its ciphertext, or the name of the secret that holds it. */
export const toSealed = (sealed: Sealed): Item =>
  "ciphertext" in sealed ? { ciphertext: sealed.ciphertext } : { secret_name: sealed.secretName };

/** The attributes as a sealed token. @throws TypeError if there is neither. */
export const fromSealed = (item: Item): Sealed =>
  item["secret_name"] === undefined
    ? { ciphertext: readItem(item).bytes("ciphertext") }
    : { secretName: readItem(item).text("secret_name") };
