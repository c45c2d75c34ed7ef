/** The Finch application's credentials: read once in five minutes, and never shown. */
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { createFinchCredentials } from "#shared/secrets-manager/finch-credentials.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";

const stored = (clientSecret: string) => JSON.stringify({ client_id: "the-client", client_secret: clientSecret });

/** Credentials read from a secret that holds what `values` holds last, and how often it was read. */
const createStage = (...values: readonly (string | undefined)[]) => {
  const surroundings = createMemorySurroundings();
  const reads: unknown[] = [];
  const held = [...values];
  const send = async ({ input }: { readonly input: unknown }) => {
    reads.push(input);
    const value = held.length > 1 ? held.shift() : held[0];
    if (value === "outage") throw new Error("the service is unavailable");
    return { SecretString: value };
  };
  const client = { send } as unknown as SecretsManagerClient;
  return { ...surroundings, reads, credentials: createFinchCredentials(client, "the-arn", surroundings.now) };
};

describe("the Finch application's credentials", () => {
  it("are read once, and kept for five minutes", async () => {
    const { credentials, reads, advance } = createStage(stored("first"), stored("rotated"));
    const secretNow = async () => (await credentials()).clientSecret.reveal();
    expect([await secretNow(), await secretNow()]).toEqual(["first", "first"]);
    advance(5 * 60_000 - 1);
    expect(await secretNow()).toBe("first");
    expect(reads).toEqual([{ SecretId: "the-arn" }]);
    advance(1);
    expect(await secretNow()).toBe("rotated");
    expect((await credentials()).clientId).toBe("the-client");
    expect(reads).toHaveLength(2);
  });

  it("are read again after an outage", async () => {
    const { credentials } = createStage("outage", stored("first"));
    await expect(credentials()).rejects.toThrow("unavailable");
    expect((await credentials()).clientSecret.reveal()).toBe("first");
  });

  it.each([
    undefined,
    "",
    "not-a-real-secret",
    "null",
    "[]",
    '{"client_id":"not-a-real-secret"}',
    '{"client_secret":7,"client_id":"a"}',
    '{"client_secret":"not-a-real-secret","client_id":7}',
  ])("say what to put into a secret that holds %j, and do not repeat what it holds", async (value) => {
    const error: unknown = await createStage(value)
      .credentials()
      .catch((reason) => reason);
    const failure = String(error);
    expect(error).toMatchObject({ name: "FinchSecretMalformed" });
    expect(failure).toContain("client_id and client_secret");
    expect(failure).not.toContain("not-a-real-secret");
  });
});
