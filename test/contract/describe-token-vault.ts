import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sealed, TokenContext, TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";
import { newConnectionId, newCustomerId, newTokenId } from "../support/builders.ts";

/** Where a vault keeps its bytes, so that a contract can look at them and spoil them. */
export interface VaultBytes {
  readonly read: (sealed: Sealed) => Promise<Uint8Array>;
  /** A sealed token with these bytes in the place of its own. */
  readonly write: (sealed: Sealed, bytes: Uint8Array) => Promise<Sealed>;
}

/** The bytes of a vault that gives the ciphertext itself. */
const inItself: VaultBytes = {
  async read(sealed) {
    if (!("ciphertext" in sealed)) throw new Error("the bytes are kept in another store");
    return sealed.ciphertext;
  },
  write: async (_, ciphertext) => ({ ciphertext }),
};

/** What every implementation of the token vault promises. */
export const describeTokenVault = (
  name: string,
  open: () => TokenVault,
  {
    propertyRuns,
    bytes = inItself,
    noticesTampering = true,
  }: {
    readonly propertyRuns: number;
    readonly bytes?: VaultBytes;
    /** False on an emulated KMS, which hides what it seals and authenticates only the context. */
    readonly noticesTampering?: boolean;
  },
) => {
  describe(`token vault, ${name}`, () => {
    const vault = open();
    const aContext = (): TokenContext => ({ customerId: newCustomerId(), connectionId: newConnectionId() });
    const text = "not-a-real-access-token";
    const seal = (token: string, context: TokenContext) => vault.seal(secret(token), context, newTokenId());

    it("opens what it sealed, for the same customer and connection", async () => {
      const context = aContext();
      const sealed = await seal(text, context);
      expect((await vault.open(sealed, { ...context })).reveal()).toBe(text);
    });

    it("keeps every text as it is, up to 4096 bytes", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), async (token) => {
          const context = aContext();
          expect((await vault.open(await seal(token, context), context)).reveal()).toBe(token);
        }),
        { numRuns: propertyRuns },
      );
      const longest = "x".repeat(4096);
      const context = aContext();
      expect((await vault.open(await seal(longest, context), context)).reveal()).toBe(longest);
    });

    it("shows nothing of the text in what it keeps, and seals no text the same way twice", async () => {
      const context = aContext();
      const [one, two] = await Promise.all(
        [await seal(text, context), await seal(text, context)].map(async (sealed) =>
          Buffer.from(await bytes.read(sealed)),
        ),
      );
      for (const kept of [one, two]) expect(kept?.includes(text)).toBe(false);
      expect(one?.equals(two ?? one)).toBe(false);
    });

    it.each<[string, (context: TokenContext) => TokenContext]>([
      ["another customer", (context) => ({ ...context, customerId: newCustomerId() })],
      ["another connection", (context) => ({ ...context, connectionId: newConnectionId() })],
      [
        "customer and connection exchanged",
        ({ customerId, connectionId }) =>
          ({ customerId: connectionId as string, connectionId: customerId as string }) as unknown as TokenContext,
      ],
    ])("does not open for %s", async (_, change) => {
      const context = aContext();
      const sealed = await seal(text, context);
      await expect(vault.open(sealed, change(context))).rejects.toThrow();
    });

    it.runIf(noticesTampering)("does not open what was altered in one byte, or cut", async () => {
      const context = aContext();
      const sealed = await seal(text, context);
      const kept = await bytes.read(sealed);
      // From the end, where the sealed text and what authenticates it lie.
      for (const offset of [1, 9, 17, 33]) {
        const altered = Uint8Array.from(kept);
        altered[altered.length - offset] = (altered.at(-offset) ?? 0) ^ 1;
        await expect(vault.open(await bytes.write(sealed, altered), context)).rejects.toThrow();
      }
      for (const cut of [kept.slice(0, -1), new Uint8Array([1, 2, 3])]) {
        await expect(vault.open(await bytes.write(sealed, cut), context)).rejects.toThrow();
      }
    });

    it("destroys one token and no other, and does so again without complaint", async () => {
      const [context, other] = [aContext(), aContext()];
      const [sealed, kept] = [await seal(text, context), await seal(text, other)];
      await vault.destroy(sealed);
      await vault.destroy(sealed);
      expect((await vault.open(kept, other)).reveal()).toBe(text);
    });

    it("says nothing of the text when it refuses", async () => {
      const sealed = await seal(text, aContext());
      const refusal = await vault.open(sealed, aContext()).catch((error: unknown) => error);
      expect(`${refusal} ${JSON.stringify(refusal)}`).not.toContain(text);
    });
  });
};
