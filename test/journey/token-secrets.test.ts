/** What the token store `secrets-manager` promises beyond any vault's contract, on a real Secrets Manager's interface. */
import { randomUUID } from "node:crypto";
import { CreateSecretCommand, DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { TokenId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import { createSecretInventory } from "#shared/secrets-manager/secret-inventory.ts";
import { newConnectionId, newCustomerId } from "../support/builders.ts";
import { openSecretStore } from "../support/secret-store.ts";

const newTokenId = () => randomUUID() as TokenId;
const aContext = () => ({ customerId: newCustomerId(), connectionId: newConnectionId() });
const accessToken = secret("not-a-real-access-token");

describe("a token's secret", () => {
  const { vault, kmsVault, secrets, secretsManager } = openSecretStore();
  const describeSecret = (name: string) => secretsManager.send(new DescribeSecretCommand({ SecretId: name }));

  it("is named after the token, and tells the ids of its item and nothing else", async () => {
    const context = aContext();
    const tokenId = newTokenId();
    const secretName = secrets.nameOf(tokenId);
    expect(await vault.seal(accessToken, context, tokenId)).toEqual({ secretName });
    const { Description, Tags } = await describeSecret(secretName);
    expect(JSON.parse(Description ?? "")).toEqual({
      customer_id: context.customerId,
      connection_id: context.connectionId,
    });
    expect(Tags).toEqual([]);
  });

  it("is never made a second time, and stays as it is", async () => {
    const context = aContext();
    const tokenId = newTokenId();
    const sealed = await vault.seal(accessToken, context, tokenId);
    await expect(vault.seal(secret("another"), context, tokenId)).rejects.toThrow();
    expect((await vault.open(sealed, context)).reveal()).toBe(accessToken.reveal());
  });

  it("is gone once it is destroyed", async () => {
    const context = aContext();
    const tokenId = newTokenId();
    const sealed = await vault.seal(accessToken, context, tokenId);
    await vault.destroy(sealed);
    await expect(vault.open(sealed, context)).rejects.toThrow();
    await expect(describeSecret(secrets.nameOf(tokenId))).rejects.toThrow("can't find");
  });

  it("does not stand in the way of tokens that were kept in their items before", async () => {
    const context = aContext();
    const sealed = await kmsVault.seal(accessToken, context, newTokenId());
    expect((await vault.open(sealed, context)).reveal()).toBe(accessToken.reveal());
    await vault.destroy(sealed);
  });

  it("is the only kind that the vault reads and deletes, whatever an item names", async () => {
    for (const id of ["finch-application", "hash-key", `${newTokenId()}/x`]) {
      const sealed = { secretName: `${secrets.namePrefix}${id}` };
      await expect(vault.open(sealed, aContext())).rejects.toThrow("not one of this stage's tokens");
      await expect(vault.destroy(sealed)).rejects.toThrow("not one of this stage's tokens");
    }
    const sealed = { secretName: `perch/another-stage/${newTokenId()}` };
    await expect(vault.destroy(sealed)).rejects.toThrow("not one of this stage's tokens");
  });
});

describe("the inventory of tokens' secrets", () => {
  const { vault, secrets, secretsManager } = openSecretStore();
  const inventory = createSecretInventory(secretsManager, secrets);
  const listPages = async () => {
    const pages = [await inventory.list(undefined)];
    for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
      pages.push(await inventory.list(next));
    return pages.map(({ secrets: page }) => page);
  };
  const listNames = async () => (await listPages()).flat().map(({ name }) => name);

  it("lists page after page, without other secrets and those that are scheduled for removal", async () => {
    const context = aContext();
    const begunAt = Date.now();
    const tokenIds = Array.from({ length: 103 }, newTokenId).toSorted();
    for (const tokenId of tokenIds) await vault.seal(accessToken, context, tokenId);
    const strangers = [`${secrets.namePrefix}finch-application`, `else/${secrets.namePrefix}${newTokenId()}`];
    const unreadable = secrets.nameOf(newTokenId());
    for (const Name of [...strangers, unreadable]) {
      await secretsManager.send(new CreateSecretCommand({ Name, SecretString: "x", Description: "by hand" }));
    }
    const [first, ...rest] = tokenIds;
    await inventory.scheduleRemoval(secrets.nameOf(first as TokenId));
    const pages = await listPages();
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(100);
    const listed = pages.flat();
    const expected = rest.map((tokenId) => ({ name: secrets.nameOf(tokenId), token: { ...context, tokenId } }));
    const found = listed.map(({ name, token }) => ({ name, token }));
    expect(found.filter(({ token }) => token !== undefined)).toEqual(expected);
    expect(found.filter(({ token }) => token === undefined)).toEqual([{ name: unreadable, token: undefined }]);
    // Secrets Manager tells whole seconds.
    for (const { createdAt } of listed) {
      expect(createdAt.getTime()).toBeGreaterThan(begunAt - 1_000);
      expect(createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    }
  });

  it("schedules a removal from which there is a way back for 30 days, as often as it is asked to", async () => {
    const tokenId = newTokenId();
    const name = secrets.nameOf(tokenId);
    await vault.seal(accessToken, aContext(), tokenId);
    expect(await listNames()).toContain(name);
    await inventory.scheduleRemoval(name);
    await inventory.scheduleRemoval(name);
    const { DeletedDate } = await secretsManager.send(new DescribeSecretCommand({ SecretId: name }));
    expect(DeletedDate).toBeDefined();
    await vault.destroy({ secretName: name });
    await inventory.scheduleRemoval(name);
    expect(await listNames()).not.toContain(name);
  });
});
