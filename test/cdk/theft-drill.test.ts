/**
 * The theft drill: what somebody can do who has one function's role, or a role that may do everything, judged by the policies
 * that are deployed. `test/contract/theft-drill.test.ts` has the thief with a copy of the table. It is
 * long because the judged policies serve all of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordFigure } from "../support/evidence.ts";
import { readStatements, type Statement, statementsOf } from "./permissions-of.ts";
import { type AwsCall, isAllowed } from "./policy-decision.ts";
import { bucket, contextOf, itemKinds, pagesKey, reachOf, table, tokenKey, toRow } from "./reach.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

/** Who may open a token: it introspects, it disconnects, or it gives the use of one. */
const openers = [
  "check-connection",
  "drive-disconnect",
  "forward-to-finch",
  "get-access-token",
  "introspect-connection",
  "read-employers",
  "read-roster-page",
  "try-connections",
];
/** Who reads the tokens of a connection beside it, which takes the customer's id only. */
const users = ["forward-to-finch", "get-access-token"];
const sealers = ["create-connection", "exchange-authorization-code"];

const bothNames = contextOf("customer_id", "connection_id");
const lacking = {
  "no context": {},
  "no customer": contextOf("connection_id"),
  "no connection": contextOf("customer_id"),
};
const tokenSecret = "arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:perch/production";
const aTokenSecret = `${tokenSecret}/01980f3a-7c1e-7abc-9def-0123456789ab-AbCdEf`;

/** Ways to see, take or keep everything at once, which no function needs. */
const nobodys: Readonly<Record<string, string>> = {
  "dynamodb:Scan": table,
  "dynamodb:BatchGetItem": table,
  "dynamodb:BatchWriteItem": table,
  "dynamodb:PartiQLSelect": table,
  "dynamodb:PartiQLUpdate": table,
  "dynamodb:ExportTableToPointInTime": table,
  "dynamodb:CreateBackup": table,
  "dynamodb:RestoreTableToPointInTime": table,
  "dynamodb:UpdateTable": table,
  "kms:ReEncryptFrom": tokenKey,
  "kms:ReEncryptTo": tokenKey,
  "kms:CreateGrant": tokenKey,
  "kms:PutKeyPolicy": tokenKey,
  "kms:DisableKey": tokenKey,
  "kms:ScheduleKeyDeletion": tokenKey,
  "s3:ListAllMyBuckets": "*",
  "s3:PutBucketPolicy": "RosterPages/Bucket",
  "states:GetExecutionHistory": "*",
  "secretsmanager:PutSecretValue": "FinchApplication/Secret",
  "secretsmanager:ListSecrets": "*",
  "iam:PassRole": "*",
  "sts:AssumeRole": "*",
  "lambda:UpdateFunctionCode": "introspect-connection/Function",
  "lambda:GetFunction": "introspect-connection/Function",
  "logs:GetLogEvents": "introspect-connection/Log",
  "logs:DeleteLogGroup": "introspect-connection/Log",
  "cloudtrail:StopLogging": "*",
};

describe.each(["local", "production"])("a thief with a function's role on the stage %s", (stage) => {
  const assembly = synthesise(stage);
  const roles = statementsOf(assembly);
  const allowedTo = (action: string, resource: string, context: AwsCall["context"] = {}): string[] =>
    [...roles]
      .filter(([, statements]) => isAllowed(statements, { action, resource, context }))
      .map(([name]) => name)
      .toSorted();

  it("reaches what the page says, and no more", () => {
    const page = readFileSync(join(root, "docs/threat-model.md"), "utf8");
    const written = page.match(/^\| `[a-z-]+` \| .*$/gm);
    const reached = [...roles].toSorted(([one], [other]) => (one < other ? -1 : 1));
    expect(written).toEqual(reached.map(([name, statements]) => toRow(name, reachOf(statements))));
    expect(itemKinds).toContain("TOKENS");
    const claim = "A thief with a function's role reaches what docs/threat-model.md says, and no more";
    recordFigure(`roles of functions tried, ${stage}`, roles.size, "roles", claim);
  });

  it("opens tokens with few roles only, and those find no connections by themselves but what they are sent, one employer's, and a customer's tokens", () => {
    expect(allowedTo("kms:Decrypt", tokenKey, bothNames)).toEqual(openers);
    for (const name of openers) {
      const { finds } = reachOf(roles.get(name) ?? []);
      const told = finds.filter((way) => !way.startsWith("messages of "));
      const others = told.filter((way) => way !== "in `COMPANY`" && way !== "in `SOURCE`");
      expect(others).toEqual(users.includes(name) ? ["in `TOKENS`"] : []);
    }
  });

  it("opens pages of people where they are made and shown, and lists them nowhere but where they are erased, unread", () => {
    const ofRoster = contextOf("customer_id", "roster_id");
    const showing = ["get-employee", "list-employees", "read-roster-page", "reconcile-roster"];
    expect(allowedTo("kms:Decrypt", pagesKey, ofRoster)).toEqual(showing);
    expect(allowedTo("kms:GenerateDataKey", pagesKey, ofRoster)).toEqual(["read-roster-page", "reconcile-roster"]);
    for (const context of [{}, contextOf("customer_id"), contextOf("roster_id"), bothNames]) {
      for (const action of ["kms:Decrypt", "kms:GenerateDataKey"]) {
        expect(allowedTo(action, pagesKey, context)).toEqual([]);
      }
    }
    const prefixed = { "s3:prefix": ["pages/somebody/"] };
    expect(allowedTo("s3:ListBucket", bucket, prefixed)).toEqual(["drive-deletion"]);
    expect(allowedTo("s3:ListBucket", bucket)).toEqual([]);
  });

  it("scans no index", () => {
    for (const index of ["listed", "ledger", "due"]) {
      expect(allowedTo("dynamodb:Scan", `${table}/index/${index}`)).toEqual([]);
    }
  });

  it("opens nothing where it seals, and has Finch's client secret nowhere where it opens", () => {
    expect(allowedTo("kms:Encrypt", tokenKey, bothNames)).toEqual(sealers);
    const authenticating = allowedTo("secretsmanager:GetSecretValue", "FinchApplication/Secret");
    expect(authenticating.filter((name) => openers.includes(name))).toEqual([]);
    expect(authenticating).toEqual(expect.arrayContaining(sealers));
  });

  it("reads sealed tokens by their keys where they are opened or destroyed, and lists a customer's where they are used", () => {
    const ofTokens = { "dynamodb:LeadingKeys": ["TOKENS#of-somebody"] };
    expect(allowedTo("dynamodb:GetItem", table, ofTokens)).toEqual([...openers, "delete-connection"].toSorted());
    expect(allowedTo("dynamodb:Query", table, ofTokens)).toEqual(users);
    expect(allowedTo("dynamodb:Query", `${table}/index/listed`, ofTokens)).toEqual([]);
    // Of several keys, each has to be of a kind that the role has.
    const mixed = { "dynamodb:LeadingKeys": ["CUSTOMER#of-somebody", "TOKENS#of-somebody"] };
    expect(allowedTo("dynamodb:GetItem", table, mixed)).toEqual([]);
    // A call that tells no keys is no way round.
    expect(allowedTo("dynamodb:GetItem", table)).toEqual([]);
  });

  it.each(Object.entries(lacking))("is refused by its own policy with %s", (_, context) => {
    for (const action of ["kms:Decrypt", "kms:Encrypt"]) expect(allowedTo(action, tokenKey, context)).toEqual([]);
  });

  it.each(Object.entries(nobodys))("never gets %s on %s", (action, resource) => {
    for (const context of [{}, bothNames, { "dynamodb:LeadingKeys": ["TOKENS#of-somebody"] }]) {
      expect(allowedTo(action, resource, context)).toEqual([]);
    }
  });
});

describe("a thief with a function's role where tokens are in Secrets Manager", () => {
  const roles = statementsOf(synthesise("production", { context: { tokenStore: "secrets-manager" } }));
  const allowedTo = (action: string, resource: string) =>
    [...roles].filter(([, own]) => isAllowed(own, { action, resource })).map(([name]) => name);

  it("reads secrets of tokens where it opens them, and knows their names where it does not", () => {
    expect(allowedTo("secretsmanager:GetSecretValue", aTokenSecret).toSorted()).toEqual(openers);
    expect(allowedTo("secretsmanager:ListSecrets", "*")).toEqual(["sweep-secrets"]);
    const sweeping = roles.get("sweep-secrets") ?? [];
    expect(reachOf(sweeping).tokens).toEqual([]);
    // What it removes can be had back.
    const remove = (days: string): AwsCall => ({
      ...{ action: "secretsmanager:DeleteSecret", resource: aTokenSecret },
      context: { "secretsmanager:RecoveryWindowInDays": [days] },
    });
    expect([isAllowed(sweeping, remove("30")), isAllowed(sweeping, remove("7"))]).toEqual([true, false]);
  });
});

describe("a thief with the deploy role, which may do everything", () => {
  const key = resourcesOf(synthesise("production"), "AWS::KMS::Key").get(tokenKey);
  const everything: Statement = {
    effect: "Allow",
    actions: ["*"],
    resources: ["*"],
    condition: undefined,
    principal: undefined,
  };
  const policy = readStatements(key ?? { properties: {} });
  const may = (action: string, context: AwsCall["context"] = {}) =>
    isAllowed([everything, ...policy], { action: `kms:${action}`, resource: tokenKey, context });

  it.each(Object.entries(lacking))(
    "is refused by the key with %s, so that CloudTrail has whose token it was",
    (_, context) => {
      for (const action of ["Decrypt", "Encrypt", "ReEncryptFrom", "ReEncryptTo"])
        expect(may(action, context)).toBe(false);
    },
  );

  it("is not stopped: it opens what it names, and may change the key's policy", () => {
    expect([may("Decrypt", bothNames), may("PutKeyPolicy"), may("ScheduleKeyDeletion")]).toEqual([true, true, true]);
  });
});

describe("what judges the policies", () => {
  const statement = (changes: Partial<Statement>): Statement => ({
    ...{ effect: "Allow", actions: ["s3:Get*"], resources: ["bucket/*"], condition: undefined, principal: undefined },
    ...changes,
  });
  const call = { action: "s3:GetObject", resource: "bucket/a" };

  it("denies what nothing allows, and what something denies", () => {
    expect(isAllowed([statement({})], call)).toBe(true);
    expect(isAllowed([], call)).toBe(false);
    expect(isAllowed([statement({})], { ...call, action: "s3:PutObject" })).toBe(false);
    expect(isAllowed([statement({})], { ...call, resource: "bucketful" })).toBe(false);
    expect(isAllowed([statement({}), statement({ effect: "Deny", actions: ["*"] })], call)).toBe(false);
  });

  it("does not guess what an operator means", () => {
    const condition = { StringNotLikeIfExists: { "aws:PrincipalArn": "x" } };
    expect(() => isAllowed([statement({ condition })], call)).toThrow("StringNotLikeIfExists");
  });
});
