import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStatements, statementsOf, toLine } from "./permissions-of.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

const table = "ConnectionTable/Table";
const key = "TokenKey/Key";
const secret = "FinchApplication/Secret";

/**
 * What each function may do, in full, beside writing its own log. Whoever changes a line here changes what an attacker in
 * that function can do.
 */
const permissions: Readonly<Record<string, readonly string[]>> = {
  "get-health": [],
  "get-openapi": [],
  "answer-unknown-path": [],
  "put-customer": [`dynamodb:UpdateItem on ${table}, keys CUSTOMER#*`],
  "get-customer": [`dynamodb:GetItem on ${table}, keys CUSTOMER#*`],
  "create-connect-session": [
    `dynamodb:GetItem on ${table}, keys CUSTOMER#*`,
    `dynamodb:PutItem on ${table}, keys SESSION#*`,
    `secretsmanager:GetSecretValue on ${secret}`,
  ],
  "get-connect-session": [`dynamodb:GetItem on ${table}, keys SESSION#*`],
  "get-connect-pending": [`dynamodb:GetItem on ${table}, keys SESSION#*`],
  "open-connect": [`dynamodb:GetItem dynamodb:UpdateItem on ${table}, keys SESSION#*`],
  "receive-connect-callback": [
    `dynamodb:GetItem dynamodb:UpdateItem on ${table}, keys SESSION#*`,
    "lambda:InvokeFunction on exchange-authorization-code/Function",
  ],
  "exchange-authorization-code": [
    `dynamodb:ConditionCheckItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem on ${table}, keys CUSTOMER#*`,
    `dynamodb:ConditionCheckItem dynamodb:PutItem on ${table}, keys OWNER#*`,
    `dynamodb:GetItem dynamodb:UpdateItem on ${table}, keys SESSION#*`,
    `dynamodb:PutItem on ${table}, keys OUTBOX#*`,
    `dynamodb:PutItem on ${table}, keys TOKENS#*`,
    `kms:Encrypt on ${key}, naming customer_id and connection_id`,
    `secretsmanager:GetSecretValue on ${secret}`,
  ],
  "list-connections": [
    `dynamodb:GetItem on ${table}, keys CUSTOMER#*`,
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
  ],
  "get-connection": [`dynamodb:GetItem on ${table}, keys CUSTOMER#*`],
  "introspect-connection": [
    `dynamodb:GetItem dynamodb:PutItem on ${table}, keys CUSTOMER#*`,
    `dynamodb:GetItem on ${table}, keys TOKENS#*`,
    `dynamodb:PutItem on ${table}, keys OUTBOX#*`,
    `kms:Decrypt on ${key}, naming customer_id and connection_id`,
  ],
};

describe.each(["local", "production"])("permissions on the stage %s", (stage) => {
  const assembly = synthesise(stage);
  const statements = statementsOf(assembly);
  const each = [...statements].flatMap(([name, own]) => own.map((statement) => ({ name, ...statement })));

  it("gives each function exactly what the table says", () => {
    const lines = [...statements].map(([name, own]) => [name, own.map(toLine).toSorted()] as const);
    const report = lines.map(([name, own]) => [name, ...own.map((line) => `  ${line}`), ""].join("\n"));
    mkdirSync(join(root, "reports"), { recursive: true });
    writeFileSync(join(root, "reports", `permissions-${stage}.txt`), report.join("\n"));
    const ownLog = (name: string) => `logs:CreateLogStream logs:PutLogEvents on ${name}/Log`;
    const expected = Object.entries(permissions).map(([name, own]) => [name, [...own, ownLog(name)].toSorted()]);
    expect(Object.fromEntries(lines)).toEqual(Object.fromEntries(expected));
  });

  it("grants nothing by a wildcard", () => {
    expect(each.filter(({ effect }) => effect !== "Allow")).toEqual([]);
    expect(each.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
    expect(each.flatMap(({ resources }) => resources).filter((resource) => resource.includes("*"))).toEqual([]);
  });

  it("lets nobody scan, and nobody who decrypts read more than one item by its key", () => {
    const actionsOf = (name: string) => statements.get(name)?.flatMap(({ actions }) => actions) ?? [];
    const readers = [...statements.keys()].filter((name) => actionsOf(name).includes("kms:Decrypt"));
    expect(each.filter(({ actions }) => actions.includes("dynamodb:Scan"))).toEqual([]);
    expect(each.filter(({ actions }) => actions.some((action) => action.startsWith("dynamodb:PartiQL")))).toEqual([]);
    expect(readers).not.toEqual([]);
    for (const action of readers.flatMap(actionsOf)) {
      if (action.startsWith("dynamodb:")) expect(action).toMatch(/:(Get|Put|Update|Delete|ConditionCheck)Item$/);
    }
  });

  it("ties each use of the table to kinds of items, and each use of the key to a customer and a connection", () => {
    const lines = each.map((statement) => [statement.actions, toLine(statement)] as const);
    for (const [actions, line] of lines) {
      if (actions.some((action) => action.startsWith("dynamodb:"))) expect(line).toMatch(/, keys [A-Z]+#\*$/);
      if (actions.some((action) => action.startsWith("kms:"))) expect(line).toMatch(/, naming customer_id and conn/);
    }
  });

  it("lets the account's IAM decide about the key, but nobody use it without its context", () => {
    const keyPolicy = resourcesOf(assembly, "AWS::KMS::Key").get(key);
    const use = "kms:Decrypt kms:Encrypt kms:ReEncryptFrom kms:ReEncryptTo";
    const read = readStatements(keyPolicy ?? { properties: {} });
    expect(read.map((statement) => [statement.principal, toLine(statement)])).toEqual([
      // The policy that KMS itself gives a key: who may do what follows from IAM, that is from the table above.
      [{ AWS: expect.stringMatching(/:iam::AWS::AccountId:root$/) }, "kms:* on *"],
      [{ AWS: "*" }, `Deny ${use} on * if {"Null":{"kms:EncryptionContext:customer_id":"true"}}`],
      [{ AWS: "*" }, `Deny ${use} on * if {"Null":{"kms:EncryptionContext:connection_id":"true"}}`],
    ]);
  });

  it("has no other roles and policies", () => {
    const granting = assembly.resources.filter(({ type }) => /::IAM::|Policy$|::Permission$|::Alias$/.test(type));
    const types = new Set(granting.map(({ type }) => type));
    expect([...types].toSorted()).toEqual(["AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Lambda::Permission"]);
    const roles = resourcesOf(assembly, "AWS::IAM::Role");
    expect([...roles.keys()].toSorted()).toEqual(
      Object.keys(permissions)
        .map((name) => `${name}/Role`)
        .toSorted(),
    );
    for (const { properties } of roles.values()) {
      expect(JSON.stringify(properties["AssumeRolePolicyDocument"])).toContain(
        '"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}]',
      );
    }
    expect([...resourcesOf(assembly, "AWS::IAM::Policy").keys()]).toHaveLength(roles.size);
  });
});
