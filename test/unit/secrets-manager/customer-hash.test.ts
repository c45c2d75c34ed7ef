/** What stays of a customer in a tombstone: a keyed hash. */
import { createHmac } from "node:crypto";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { createCustomerHash } from "#shared/secrets-manager/customer-hash.ts";
import { newCustomerId } from "../../support/builders.ts";

const aHash = (...answers: readonly (string | undefined | Error)[]) => {
  const left = [...answers];
  const inputs: unknown[] = [];
  const send = async ({ input }: { readonly input: unknown }) => {
    inputs.push(input);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return { SecretString: answer };
  };
  return { inputs, hash: createCustomerHash({ send } as unknown as SecretsManagerClient, "the-arn") };
};

describe("the hash of a customer", () => {
  it("is HMAC-SHA-256 under the stage's key, as base64url", async () => {
    const customerId = newCustomerId();
    const { hash, inputs } = aHash("the-key");
    const expected = createHmac("sha256", "the-key").update(customerId).digest("base64url");
    expect(await hash(customerId)).toBe(expected);
    expect(inputs).toEqual([{ SecretId: "the-arn" }]);
  });

  it("differs between customers, and reads the key once, also for two at a time", async () => {
    const { hash, inputs } = aHash("the-key");
    const [one, other] = await Promise.all([hash(newCustomerId()), hash(newCustomerId())]);
    expect(one).not.toBe(other);
    await hash(newCustomerId());
    expect(inputs).toHaveLength(1);
  });

  it.each([
    ["an outage", new Error("throttled"), "throttled"],
    ["an empty secret", "", "empty"],
  ])("fails with %s, and reads the key again the next time", async (_, answer, message) => {
    const { hash } = aHash(answer, "the-key");
    await expect(hash(newCustomerId())).rejects.toThrow(message);
    expect(await hash(newCustomerId())).toMatch(/^[\w-]{43}$/);
  });
});
