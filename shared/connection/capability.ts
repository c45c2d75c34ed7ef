import { createHash, timingSafeEqual } from "node:crypto";
import { type PageSessionId, parseSessionId, type SessionId } from "./identifiers.ts";

/**
 * A random text that lets its holder do something in one session: of a Connect session a ticket (open `connect_url`) or a
 * `state` (RFC 6749 §10.12), of a page session its link's secret or its cookie. It begins with the session's id, so that one
 * conditional write finds and checks the session; the rest is 256 random bits. Only its hash is stored.
 */
export interface Capability<Id extends SessionId | PageSessionId = SessionId> {
  readonly text: string;
  readonly sessionId: Id;
  readonly hash: string;
}

const randomLength = 32;
const textLength = Math.ceil(((16 + randomLength) * 4) / 3);

/** Makes a capability of a session from 32 random bytes. */
export const createCapability = <Id extends SessionId | PageSessionId>(
  sessionId: Id,
  random: Uint8Array,
): Capability<Id> => {
  if (random.length !== randomLength) throw new RangeError(`a capability takes ${randomLength} random bytes`);
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  const text = Buffer.concat([id, random]).toString("base64url");
  return { text, sessionId, hash: hashOf(text) };
};

/** Reads what a request brought; undefined if it cannot be one of ours. Whether it is valid, only the stored hash tells. */
export const parseCapability = <Id extends SessionId | PageSessionId = SessionId>(
  text: string,
): Capability<Id> | undefined => {
  if (text.length !== textLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const hex = Buffer.from(text, "base64url").subarray(0, 16).toString("hex");
  const sessionId = parseSessionId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
  // Either kind of session has a UUID; which of them it is, is told by where it is looked for.
  return sessionId && { text, sessionId: sessionId as string as Id, hash: hashOf(text) };
};

/** SHA-256, base64url. Enough for what carries ≥ 122 random bits; nothing that people choose is hashed with it. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Compares two hashes in constant time. */
export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
