import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenContext, TokenVault } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";
import { newConnectionId, newCustomerId } from "../support/builders.ts";

export interface TokenVaultOptions {
  /** How often properties are tried: fewer times where a call is slow. */
  readonly propertyRuns: number;
  /** Whether every altered ciphertext is refused, as KMS does (AES-GCM); an emulated one may give another text instead. */
  readonly authenticates: boolean;
}

/** What every implementation of the token vault promises. */
export const describeTokenVault = (
  name: string,
  open: () => TokenVault,
  { propertyRuns, authenticates }: TokenVaultOptions,
): void => {
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

    it("does not open what it sealed of a ciphertext of which one byte was altered, or that was cut", async () => {
      const context = aContext();
      const ciphertext = await vault.seal(secret(text), context);
      const altered = Array.from(ciphertext, (byte, index) => ciphertext.with(index, byte ^ 1));
      // What is sealed lies at the end, behind what names the key.
      const broken = [...altered.slice(-propertyRuns), ciphertext.slice(0, -1)];
      if (authenticates) broken.push(...altered.slice(0, propertyRuns));
      for (const each of broken) {
        const opened = vault.open(each, context).then(({ reveal }) => reveal());
        if (authenticates) await expect(opened).rejects.toThrow();
        else expect(await opened.catch(() => "refused")).not.toBe(text);
      }
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
