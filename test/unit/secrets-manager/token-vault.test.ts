/** Tokens in secrets: what is sent, what an answer that lacks something means, and when a token counts as destroyed. */
import { ResourceExistsException } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { Sealed } from "#shared/connection/ports.ts";
import { secret } from "#shared/secret.ts";
import { createSecretsManagerVault, destroySecret } from "#shared/secrets-manager/token-vault.ts";
import { createMemoryTokenVault } from "../../support/memory/token-vault.ts";
import { arnBase, aStage } from "./setting.ts";

const aVault = () => {
  const stage = aStage();
  const kmsVault = createMemoryTokenVault();
  const pauses: number[] = [];
  const deps = {
    secretsManager: stage.client,
    secrets: stage.tokenSecrets,
    kmsVault,
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
  };
  const vault = createSecretsManagerVault(deps);
  const seal = () => vault.seal(secret("the-token"), stage.context, stage.tokenId);
  return { ...stage, deps, kmsVault, pauses, vault, seal, name: `perch/prod/${stage.tokenId}` };
};

const namesOf = (calls: readonly { readonly name: string }[]) => calls.map(({ name }) => name);

describe("a vault of secrets", () => {
  it("makes one secret for one token, with what a sweep needs, and the token's id as the request's", async () => {
    const { seal, name, calls, context, tokenId } = aVault();
    expect(await seal()).toEqual({ secretName: name });
    expect(calls).toEqual([
      {
        name: "CreateSecretCommand",
        input: {
          Name: name,
          Description: JSON.stringify({ customer_id: context.customerId, connection_id: context.connectionId }),
          SecretBinary: expect.any(Uint8Array),
          ClientRequestToken: tokenId,
        },
      },
    ]);
  });

  it("does not put a token into a secret that is there", async () => {
    const { seal } = aVault();
    await seal();
    await expect(seal()).rejects.toThrow(ResourceExistsException);
  });

  it("makes no secret of what has no ciphertext", async () => {
    const { deps, context, tokenId, calls } = aVault();
    const kmsVault = { ...deps.kmsVault, seal: async () => ({ secretName: "elsewhere" }) };
    const sealing = createSecretsManagerVault({ ...deps, kmsVault }).seal(secret("x"), context, tokenId);
    await expect(sealing).rejects.toThrow("no ciphertext to keep in a secret");
    expect(calls).toEqual([]);
  });

  it("opens what was sealed before the stage had secrets, and asks for none", async () => {
    const { kmsVault, vault, context, tokenId, calls } = aVault();
    const sealed = await kmsVault.seal(secret("older"), context, tokenId);
    expect((await vault.open(sealed, context)).reveal()).toBe("older");
    expect(calls).toEqual([]);
  });

  it("says that a secret holds no ciphertext where somebody has put a text", async () => {
    const { seal, vault, context, secrets, name } = aVault();
    const sealed = await seal();
    secrets.set(name, { Name: name });
    await expect(vault.open(sealed, context)).rejects.toThrow("holds no ciphertext");
  });

  it("asks for no secret of another stage, neither to open nor to destroy", async () => {
    const { vault, context, calls, tokenId } = aVault();
    const foreign: Sealed = { secretName: `perch/other/${tokenId}` };
    await expect(vault.open(foreign, context)).rejects.toThrow("not one of this stage's");
    await expect(vault.destroy(foreign)).rejects.toThrow("not one of this stage's");
    expect(calls).toEqual([]);
  });
});

describe("destroying a token's secret", () => {
  it("deletes it at once, for good, and looks whether it is gone", async () => {
    const { seal, vault, secrets, calls, name, pauses } = aVault();
    await vault.destroy(await seal());
    expect(secrets.size).toBe(0);
    expect(calls.slice(1)).toEqual([
      { name: "DeleteSecretCommand", input: { SecretId: `${arnBase}${name}`, ForceDeleteWithoutRecovery: true } },
      { name: "DescribeSecretCommand", input: { SecretId: `${arnBase}${name}` } },
    ]);
    expect(pauses).toEqual([]);
  });

  it("does not look for one that was gone before", async () => {
    const { vault, name, calls } = aVault();
    await vault.destroy({ secretName: name });
    expect(namesOf(calls)).toEqual(["DeleteSecretCommand"]);
  });

  it("does nothing for a ciphertext, which goes with its item", async () => {
    const { vault, calls } = aVault();
    await vault.destroy({ ciphertext: new Uint8Array([1]) });
    expect(calls).toEqual([]);
  });

  it("waits for one that is still described a moment later", async () => {
    const { seal, vault, linger, pauses } = aVault();
    linger(2);
    await vault.destroy(await seal());
    expect(pauses).toEqual([200, 200]);
  });

  it("fails for one that stays, after three looks", async () => {
    const { seal, vault, linger, calls, pauses } = aVault();
    linger(10);
    await expect(vault.destroy(await seal())).rejects.toThrow("still there after its deletion");
    expect(namesOf(calls.slice(1))).toEqual(["DeleteSecretCommand", ...Array(3).fill("DescribeSecretCommand")]);
    expect(pauses).toHaveLength(2);
  });

  it("is content with one that is on its way out", async () => {
    const { seal, vault, linger, secrets, name, pauses } = aVault();
    const sealed = await seal();
    linger(10);
    Object.assign(secrets.get(name) ?? {}, { DeletedDate: new Date() });
    await vault.destroy(sealed);
    expect(pauses).toEqual([]);
  });

  it("fails when it cannot be tried", async () => {
    const { seal, deps, fail } = aVault();
    const sealed = await seal();
    fail(new Error("throttled"));
    await expect(destroySecret(deps)(sealed)).rejects.toThrow("throttled");
  });
});
