/** What the sweep of secrets sees, and how it schedules one for removal. */
import {
  InvalidNextTokenException,
  InvalidRequestException,
  ResourceNotFoundException,
} from "@aws-sdk/client-secrets-manager";
import { beforeEach, describe, expect, it } from "vitest";
import { retention } from "#shared/retention.ts";
import { createSecretInventory } from "#shared/secrets-manager/secret-inventory.ts";
import { describeSecret } from "#shared/secrets-manager/token-secrets.ts";
import { newTokenId, noon } from "../../support/builders.ts";
import { arnBase, aStage } from "./setting.ts";

let stage = aStage();
beforeEach(() => {
  stage = aStage();
});

const inventory = () => createSecretInventory(stage.client, stage.tokenSecrets);

const put = (name: string, changes: object = {}) =>
  stage.secrets.set(name, { Name: name, CreatedDate: noon, Description: describeSecret(stage.context), ...changes });

describe("the inventory of secrets", () => {
  it("tells a secret's name, age and the token's item", async () => {
    const name = `perch/prod/${stage.tokenId}`;
    put(name);
    const token = { ...stage.context, tokenId: stage.tokenId };
    expect(await inventory().list(undefined)).toEqual({ secrets: [{ name, createdAt: noon, token }], next: undefined });
  });

  it("tells one whose description somebody has changed without the item", async () => {
    const name = `perch/prod/${stage.tokenId}`;
    put(name, { Description: "a note" });
    expect((await inventory().list(undefined)).secrets).toEqual([{ name, createdAt: noon, token: undefined }]);
  });

  it("leaves out what is no token's, what is on its way out, and what has no age", async () => {
    put("perch/prod/finch");
    put(`perch/prod/${newTokenId()}`, { DeletedDate: noon });
    put(`perch/prod/${newTokenId()}`, { CreatedDate: undefined });
    expect((await inventory().list(undefined)).secrets).toEqual([]);
  });

  it("asks for this stage's only, a hundred at a time, and goes on where it was", async () => {
    for (let index = 0; index < 150; index += 1) put(`perch/prod/${newTokenId()}`);
    put(`perch/other/${newTokenId()}`);
    const first = await inventory().list(undefined);
    const second = await inventory().list(first.next);
    expect([first.secrets.length, second.secrets.length, second.next]).toEqual([100, 50, undefined]);
    expect(new Set([...first.secrets, ...second.secrets].map(({ name }) => name)).size).toBe(150);
    const Filters = [{ Key: "name", Values: ["perch/prod/"] }];
    expect(stage.calls.map(({ input }) => input)).toEqual([
      { Filters, MaxResults: 100 },
      { Filters, MaxResults: 100, NextToken: first.next },
    ]);
  });

  it("begins anew when its place is not known any more", async () => {
    put(`perch/prod/${stage.tokenId}`);
    expect((await inventory().list("forgotten")).secrets).toHaveLength(1);
    expect(stage.calls.map(({ input }) => "NextToken" in input)).toEqual([true, false]);
  });

  it.each([
    ["an outage, wherever it is", new Error("throttled"), "7"],
    [
      "a refusal of a place where none was named",
      new InvalidNextTokenException({ $metadata: {}, message: "?" }),
      undefined,
    ],
  ])("fails with %s, and does not ask again", async (_, error, from) => {
    stage.fail(error);
    await expect(inventory().list(from)).rejects.toThrow(error);
    expect(stage.calls).toHaveLength(1);
  });

  it("is empty where the answer has no list", async () => {
    const client = { send: async () => ({}) } as unknown as typeof stage.client;
    const emptyHanded = createSecretInventory(client, stage.tokenSecrets);
    expect(await emptyHanded.list(undefined)).toEqual({ secrets: [], next: undefined });
  });
});

describe("scheduling a secret's removal", () => {
  it("leaves the time in which it can be restored", async () => {
    const name = `perch/prod/${stage.tokenId}`;
    put(name);
    await inventory().scheduleRemoval(name);
    expect(stage.calls).toEqual([
      {
        name: "DeleteSecretCommand",
        input: { SecretId: `${arnBase}${name}`, RecoveryWindowInDays: retention.secretRecoveryDays },
      },
    ]);
  });

  it("is done where it was scheduled already, and where the secret is gone", async () => {
    const name = `perch/prod/${stage.tokenId}`;
    put(name, { DeletedDate: noon });
    await inventory().scheduleRemoval(name);
    expect(stage.calls.at(-1)).toEqual({ name: "DescribeSecretCommand", input: { SecretId: `${arnBase}${name}` } });
    stage.secrets.clear();
    await inventory().scheduleRemoval(name);
  });

  it.each([
    ["still there, as it was", {}, "refused"],
    ["scheduled", { DeletedDate: noon }, undefined],
    ["gone by now", new ResourceNotFoundException({ $metadata: {}, message: "gone" }), undefined],
  ])("that is refused looks at the secret, which is %s", async (_, described, failure) => {
    const answers: object[] = [new InvalidRequestException({ $metadata: {}, message: "refused" }), described];
    const send = async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const client = { send } as unknown as typeof stage.client;
    const removal = createSecretInventory(client, stage.tokenSecrets).scheduleRemoval(`perch/prod/${stage.tokenId}`);
    if (failure === undefined) await removal;
    else await expect(removal).rejects.toThrow(failure);
    expect(answers).toEqual([]);
  });

  it("fails with an outage, without a look", async () => {
    stage.fail(new Error("throttled"));
    await expect(inventory().scheduleRemoval(`perch/prod/${stage.tokenId}`)).rejects.toThrow("throttled");
    expect(stage.calls).toHaveLength(1);
  });
});
