/** How the secrets of tokens are named and described, and what is not taken for one. */
import { describe, expect, it } from "vitest";
import { describeSecret, parseDescription, tokenSecretsUnder } from "#shared/secrets-manager/token-secrets.ts";
import { arnBase, aStage } from "./setting.ts";

const anId = "0d9f1c2e-7a53-4f0e-9b61-5f2f7f5f7a11";

describe("a token's secret", () => {
  const { tokenSecrets, tokenId, context } = aStage();

  it("is named after the stage and the token, and found by its ARN", () => {
    expect(tokenSecrets.namePrefix).toBe("perch/prod/");
    expect(tokenSecrets.nameOf(tokenId)).toBe(`perch/prod/${tokenId}`);
    expect(tokenSecrets.tokenIdOf(`perch/prod/${tokenId}`)).toBe(tokenId);
    expect(tokenSecrets.arnOf(`perch/prod/${tokenId}`)).toBe(`${arnBase}perch/prod/${tokenId}`);
  });

  it.each([
    `perch/sandbox/${anId}`,
    `perch/proud/${anId}`,
    `${anId}perch/prod/`,
    "perch/prod/finch",
    "perch/prod/",
    anId,
  ])("is not what is named %s, of which no ARN is made", (name) => {
    expect(tokenSecrets.tokenIdOf(name)).toBeUndefined();
    expect(() => tokenSecrets.arnOf(name)).toThrow("not one of this stage's tokens");
  });

  it("tells the ids of the item that names it", () => {
    const description = describeSecret(context);
    expect(JSON.parse(description)).toEqual({ customer_id: context.customerId, connection_id: context.connectionId });
    expect(parseDescription(description)).toEqual(context);
  });

  it.each([
    undefined,
    "",
    "a note of somebody's",
    "null",
    "[]",
    '{"customer_id":"acme"}',
    '{"connection_id":"c-1"}',
    '{"customer_id":["acme"],"connection_id":"c-1"}',
    '{"customer_id":"acme","connection_id":["c-1"]}',
    '{"customer_id":"..","connection_id":"c-1"}',
    '{"customer_id":"acme","connection_id":"/"}',
  ])("tells nothing when its description is %j", (description) => {
    expect(parseDescription(description)).toBeUndefined();
  });
});

describe("the prefix of a stage's secrets", () => {
  it("may be in any partition, and hold any name", () => {
    const arn = "arn:aws-us-gov:secretsmanager:us-gov-west-1:210987654321:secret:perch/a/b-c/";
    expect(tokenSecretsUnder(arn).namePrefix).toBe("perch/a/b-c/");
  });

  it.each([
    "",
    "perch/prod/",
    `${arnBase}perch/prod`,
    `${arnBase}perch/prod/*`,
    `${arnBase}/`,
    ` ${arnBase}perch/prod/`,
    "arn:aws:ssm:eu-central-1:123456789012:secret:perch/prod/",
    "arn::secretsmanager:eu-central-1:123456789012:secret:perch/prod/",
  ])("is not %j, and the error says so", (arn) => {
    expect(() => tokenSecretsUnder(arn)).toThrow(`${arn} is no prefix of secrets' ARNs`);
  });
});
