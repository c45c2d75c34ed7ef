/** Tickets and states: what is ours is read, what was altered is something else or nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCapability, hashOf, parseCapability, sameHash } from "#shared/connection/capability.ts";
import type { SessionId } from "#shared/connection/identifiers.ts";

const anId = fc.uuid().map((id) => id as SessionId);
const randomness = fc.uint8Array({ minLength: 32, maxLength: 32 });
const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

describe("a capability", () => {
  it("is read as what it was made", () => {
    fc.assert(
      fc.property(anId, randomness, (sessionId, random) => {
        const made = createCapability(sessionId, random);
        expect(parseCapability(made.text)).toEqual(made);
        expect(made).toMatchObject({ sessionId, hash: hashOf(made.text) });
        expect(encodeURIComponent(made.text)).toBe(made.text);
      }),
    );
  });

  it("is another one or none with any character altered", () => {
    fc.assert(
      fc.property(
        anId,
        randomness,
        fc.nat(63),
        fc.constantFrom(...alphabet, "+", "/", "=", " ", "é", "\0"),
        (...row) => {
          const [sessionId, random, index, character] = row;
          const { text, hash } = createCapability(sessionId, random);
          fc.pre(text[index] !== character);
          const altered = text.slice(0, index) + character + text.slice(index + 1);
          const read = parseCapability(altered);
          if (alphabet.includes(character)) expect(read?.hash).not.toBe(hash);
          else expect(read).toBeUndefined();
        },
      ),
    );
  });

  it("is none when it is cut, prolonged, or anything else", () => {
    const { text } = createCapability("0190c0de-0000-7000-8000-000000000001" as SessionId, new Uint8Array(32));
    for (const each of [text.slice(1), text.slice(0, -1), `${text}A`, ` ${text}`, `${text}\n`, `${text}=`, ""]) {
      expect(parseCapability(each)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (anything) => {
        const read = parseCapability(anything);
        expect(read === undefined || read.text === anything).toBe(true);
      }),
    );
  });

  it("takes exactly 32 random bytes", () => {
    const make = (length: number) => () => createCapability("" as SessionId, new Uint8Array(length));
    expect(make(16)).toThrow(RangeError);
    expect(make(31)).toThrow("takes 32 random bytes");
    expect(make(33)).toThrow(RangeError);
  });
});

describe("hashes", () => {
  it("are SHA-256 in base64url (FIPS 180-4, example of one block)", () => {
    expect(hashOf("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });

  it("are the same only when they are equal", () => {
    expect(sameHash(hashOf("a"), hashOf("a"))).toBe(true);
    expect(sameHash(hashOf("a"), hashOf("b"))).toBe(false);
    expect(sameHash(hashOf("a"), "")).toBe(false);
  });
});
