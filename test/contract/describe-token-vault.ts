import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenContext, TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";
import { newConnectionId, newCustomerId } from "../support/builders.ts";

/** What every implementation of the token vault promises. */
export const describeTokenVault = (
  name: string,
  open: () => TokenVault,
  { propertyRuns }: { propertyRuns: number },
) => {
  describe(`token vault, ${name}`, () => {
    const vault = open();
    const aContext = (): TokenContext => ({ customerId: newCustomerId(), connectionId: newConnectionId() });
    const text = "not-a-real-access-token";

    it("opens what it sealed, for the same customer and connection", async () => {
      const context = aContext();
      const ciphertext = await vault.seal(secret(text), context);
      expect((await vault.open(ciphertext, { ...context })).reveal()).toBe(text);
    });

    it("keeps every text as it is, up to 4096 bytes", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), async (token) => {
          const context = aContext();
          const ciphertext = await vault.seal(secret(token), context);
          expect((await vault.open(ciphertext, context)).reveal()).toBe(token);
        }),
        { numRuns: propertyRuns },
      );
      const longest = "x".repeat(4096);
      const context = aContext();
      expect((await vault.open(await vault.seal(secret(longest), context), context)).reveal()).toBe(longest);
    });

    it("shows nothing of the text in the ciphertext, and seals no text the same way twice", async () => {
      const context = aContext();
      const [one, two] = [await vault.seal(secret(text), context), await vault.seal(secret(text), context)];
      for (const ciphertext of [one, two]) expect(Buffer.from(ciphertext).includes(text)).toBe(false);
      expect(Buffer.from(one).equals(two)).toBe(false);
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
      const ciphertext = await vault.seal(secret(text), context);
      await expect(vault.open(ciphertext, change(context))).rejects.toThrow();
    });

    it("does not open a ciphertext of which one byte was altered, or that was cut", async () => {
      const context = aContext();
      const ciphertext = await vault.seal(secret(text), context);
      // From the end, where the sealed text and what authenticates it lie.
      for (const offset of [1, 9, 17, 33]) {
        const altered = Uint8Array.from(ciphertext);
        altered[altered.length - offset] = (altered.at(-offset) ?? 0) ^ 1;
        await expect(vault.open(altered, context)).rejects.toThrow();
      }
      await expect(vault.open(ciphertext.slice(0, -1), context)).rejects.toThrow();
      await expect(vault.open(new Uint8Array([1, 2, 3]), context)).rejects.toThrow();
    });

    it("says nothing of the text when it refuses", async () => {
      const context = aContext();
      const ciphertext = await vault.seal(secret(text), context);
      const refusal = await vault.open(ciphertext, aContext()).catch((error: unknown) => error);
      expect(`${refusal} ${JSON.stringify(refusal)}`).not.toContain(text);
    });
  });
};
