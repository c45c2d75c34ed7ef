/** Which token store a function has: what its environment says. Nothing here reaches AWS: each refuses before it would. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { openTokenDestroyer, openTokenVault } from "#shared/aws/token-vault.ts";
import { newConnectionId, newCustomerId, newTokenId } from "../../support/builders.ts";

const env = { TOKEN_KEY_ARN: "arn:aws:kms:eu-central-1:123456789012:key/one" };
const context = { customerId: newCustomerId(), connectionId: newConnectionId() };
const foreign = { secretName: `perch/other/${newTokenId()}` };
const withSecrets = (prefix = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:perch/prod/") => {
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("TOKEN_SECRET_PREFIX", prefix);
};

afterEach(() => void vi.unstubAllEnvs());

describe("a stage's token store", () => {
  it("is KMS alone, without a prefix of secrets", async () => {
    await expect(openTokenVault(env).open(foreign, context)).rejects.toThrow("kept in another store");
    await openTokenVault(env).destroy(foreign);
    await openTokenDestroyer().destroy(foreign);
  });

  it("is Secrets Manager with the prefix, and knows no secret of another stage", async () => {
    withSecrets();
    const message = "not one of this stage's tokens";
    await expect(openTokenVault(env).open(foreign, context)).rejects.toThrow(message);
    await expect(openTokenVault(env).destroy(foreign)).rejects.toThrow(message);
    await expect(openTokenDestroyer().destroy(foreign)).rejects.toThrow(message);
  });

  it("is refused at the start when the prefix is none", () => {
    withSecrets("perch/prod/");
    expect(() => openTokenVault(env)).toThrow("no prefix");
    expect(() => openTokenDestroyer()).toThrow("no prefix");
  });
});
