import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenId } from "#shared/connection/identifiers.ts";
import type { Sealed, TokenContext, TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";
import { newConnectionId, newCustomerId } from "../support/builders.ts";

/** One implementation of the vault, and a look at the ciphertext that it keeps. */
export interface OpenedVault {
  readonly vault: TokenVault;
  readonly readCiphertext: (sealed: Sealed) => Promise<Uint8Array>;
  /** The same sealed token with another ciphertext. */
  readonly withCiphertext: (sealed: Sealed, ciphertext: Uint8Array) => Promise<Sealed>;
}

/** A vault that hands the ciphertext out, for a token's item. */
export const openInItemVault = (vault: TokenVault): OpenedVault => ({
  vault,
  readCiphertext: async (sealed) => {
    if (!("ciphertext" in sealed)) throw new Error("it is kept elsewhere");
    return sealed.ciphertext;
  },
  withCiphertext: async (_, ciphertext) => ({ ciphertext }),
});

/** What every implementation of the token vault promises. */
export const describeTokenVault = (
  name: string,
  open: () => OpenedVault,
  {
    propertyRuns,
    noticesTampering = true,
  }: {
    readonly propertyRuns: number;
    /** False for an emulated KMS, which hides what it seals and authenticates only the context. */
    readonly noticesTampering?: boolean;
  },
) => {
  describe(`token vault, ${name}`, () => {
    const { vault, readCiphertext, withCiphertext } = open();
    const aContext = (): TokenContext => ({ customerId: newCustomerId(), connectionId: newConnectionId() });
    const text = "not-a-real-access-token";
    const seal = (context: TokenContext, token = text) => vault.seal(secret(token), context, randomUUID() as TokenId);

    it("opens what it sealed, for the same customer and connection", async () => {
      const context = aContext();
      expect((await vault.open(await seal(context), { ...context })).reveal()).toBe(text);
    });

    it("keeps every text as it is, up to 4096 bytes", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), async (token) => {
          const context = aContext();
          expect((await vault.open(await seal(context, token), context)).reveal()).toBe(token);
        }),
        { numRuns: propertyRuns },
      );
      const longest = "x".repeat(4096);
      const context = aContext();
      expect((await vault.open(await seal(context, longest), context)).reveal()).toBe(longest);
    });

    it("shows nothing of the text in what is sealed, and seals no text the same way twice", async () => {
      const context = aContext();
      const sealed = [await seal(context), await seal(context)];
      const [one, two] = await Promise.all(sealed.map(readCiphertext));
      for (const ciphertext of [one, two]) expect(Buffer.from(ciphertext ?? []).includes(text)).toBe(false);
      expect(Buffer.from(one ?? []).equals(two ?? new Uint8Array())).toBe(false);
      expect(JSON.stringify(sealed)).not.toContain(text);
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
      const sealed = await seal(context);
      await expect(vault.open(sealed, change(context))).rejects.toThrow();
    });

    it.runIf(noticesTampering)(
      "does not open a ciphertext of which one byte was altered, or that was cut",
      async () => {
        const context = aContext();
        const sealed = await seal(context);
        const ciphertext = await readCiphertext(sealed);
        const expectRefusal = async (bytes: Uint8Array) =>
          expect(vault.open(await withCiphertext(sealed, bytes), context)).rejects.toThrow();
        // From the end, where the sealed text and what authenticates it lie.
        for (const offset of [1, 9, 17, 33]) {
          const altered = Uint8Array.from(ciphertext);
          altered[altered.length - offset] = (altered.at(-offset) ?? 0) ^ 1;
          await expectRefusal(altered);
        }
        await expectRefusal(ciphertext.slice(0, -1));
        await expectRefusal(new Uint8Array([1, 2, 3]));
      },
    );

    it("says nothing of the text when it refuses", async () => {
      const sealed = await seal(aContext());
      const refusal = await vault.open(sealed, aContext()).catch((error: unknown) => error);
      expect(`${refusal} ${JSON.stringify(refusal)}`).not.toContain(text);
    });

    it("destroys one token as often as it is asked to, and no other", async () => {
      const context = aContext();
      const [destroyed, other] = [await seal(context), await seal(context)];
      await vault.destroy(destroyed);
      await vault.destroy(destroyed);
      expect((await vault.open(other, context)).reveal()).toBe(text);
    });
  });
};
