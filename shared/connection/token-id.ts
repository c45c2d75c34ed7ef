import { createHash } from "node:crypto";
import type { Secret } from "../secret.ts";
import type { TokenId } from "./identifiers.ts";

/**
 * The id under which a token is kept: made from the token, so that the same one cannot be kept twice, whichever way and
 * however often it comes. A UUID of version 8 (RFC 9562 §5.8) over SHA-256; a token has too much chance in it to be
 * guessed from its hash.
 */
export const tokenIdOf = (accessToken: Secret): TokenId => {
  const bytes = createHash("sha256").update(`perch token ${accessToken.reveal()}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") as TokenId;
};
