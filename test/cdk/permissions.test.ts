/** That the functions may do what the table of permissions says, and nothing else. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStatements, statementsOf, toLine } from "./permissions-of.ts";
import { key, permissionsFor, table } from "./permissions-table.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

describe.each(["local", "production"])("permissions on the stage %s", (stage) => {
  const assembly = synthesise(stage);
  const statements = statementsOf(assembly);
  const permissions = permissionsFor(stage === "local" ? "Function" : "Live");
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
    const open = each.flatMap(({ name, resources }) =>
      resources.filter((resource) => resource.includes("*")).map((resource) => `${name}: ${resource}`),
    );
    // Objects of the one bucket and executions of the one state machine come and go.
    const bucket = `arn:AWS::Partition:s3:::perch-${stage}-rosters-AWS::AccountId-AWS::Region`;
    const executions = `arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:perch-${stage}-rosters:*`;
    expect(open.toSorted()).toEqual([
      `drive-deletion: ${bucket}/pages/*`,
      `drive-deletion: ${bucket}/rosters/*`,
      `get-employee: ${bucket}/rosters/*`,
      `list-employees: ${bucket}/rosters/*`,
      `read-roster-page: ${bucket}/pages/*`,
      `reconcile-roster: ${bucket}/pages/*`,
      `reconcile-roster: ${bucket}/rosters/*`,
      `start-roster: ${executions}`,
    ]);
  });

  it("lets nobody scan, and nobody who decrypts read more than one item by its key, but for the ids of one employer and a customer's own tokens", () => {
    const readers = [...statements.keys()].filter((name) =>
      statements
        .get(name)
        ?.some(({ actions, resources }) => actions.includes("kms:Decrypt") && resources.includes(key)),
    );
    expect(each.filter(({ actions }) => actions.includes("dynamodb:Scan"))).toEqual([]);
    expect(each.filter(({ actions }) => actions.some((action) => action.startsWith("dynamodb:PartiQL")))).toEqual([]);
    expect(readers).not.toEqual([]);
    // Whoever knows a company's id finds its connections' ids there, and no other items lie in these partitions.
    // Whoever uses a customer's tokens names the customer, and finds nobody else's.
    const isOfOne = (line: string) => / on ConnectionTable\/Table, keys (COMPANY|SOURCE|TOKENS)#\*$/.test(line);
    for (const name of readers) {
      for (const statement of statements.get(name) ?? []) {
        for (const action of statement.actions.filter((each) => each.startsWith("dynamodb:"))) {
          if (isOfOne(toLine(statement)) && action === "dynamodb:Query") continue;
          expect(action).toMatch(/:(Get|Put|Update|Delete|ConditionCheck)Item$/);
        }
      }
    }
  });

  it("ties each use of the table to kinds of items, and each use of a key to a customer and a connection or a roster", () => {
    const lines = each.map((statement) => [statement.actions, toLine(statement)] as const);
    for (const [actions, line] of lines) {
      // A global index has keys of its own, and a stream has none.
      const isOfTable = / on ConnectionTable\/Table(\/index\/listed)?\b(?!\/index|\.StreamArn)/.test(line);
      if (isOfTable) expect(line).toMatch(/, keys [A-Z]+#\*$/);
      if (isOfTable) expect(actions.every((action) => /Item$|Query$/.test(action))).toBe(true);
      if (actions.some((action) => action.startsWith("kms:")))
        expect(line).toMatch(/, naming customer_id and (connection|roster)_id$/);
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

  it("lets nobody use the key of rosters' pages without their customer and roster", () => {
    const keyPolicy = resourcesOf(assembly, "AWS::KMS::Key").get("RosterPages/Key");
    const use = "kms:Decrypt kms:Encrypt kms:GenerateDataKey* kms:ReEncryptFrom kms:ReEncryptTo";
    const read = readStatements(keyPolicy ?? { properties: {} });
    expect(read.map((statement) => [statement.principal, toLine(statement)])).toEqual([
      [{ AWS: expect.stringMatching(/:iam::AWS::AccountId:root$/) }, "kms:* on *"],
      [{ AWS: "*" }, `Deny ${use} on * if {"Null":{"kms:EncryptionContext:customer_id":"true"}}`],
      [{ AWS: "*" }, `Deny ${use} on * if {"Null":{"kms:EncryptionContext:roster_id":"true"}}`],
    ]);
  });

  it("lets a function see what lies in a global index, which is never a token, but change nothing there", () => {
    const lines = each.map(toLine).filter((line) => line.includes("/index/") && !line.includes("/index/listed"));
    expect(new Set(lines)).toEqual(
      new Set([`dynamodb:Query on ${table}/index/ledger`, `dynamodb:Query on ${table}/index/due`]),
    );
  });

  it("lets the state machine invoke its two steps, and start and stop executions of its own", () => {
    const policies = [...resourcesOf(assembly, "AWS::IAM::Policy").values()];
    const own = policies.filter(({ properties }) => (properties["Roles"] as string[]).includes("Rosters/Role"));
    const invoked = stage === "local" ? "Function" : "Live";
    const executions = `arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:perch-${stage}-rosters`;
    expect(own.flatMap(readStatements).map(toLine)).toEqual([
      `lambda:InvokeFunction on read-roster-page/${invoked} reconcile-roster/${invoked}`,
      "states:StartExecution on Rosters/Machine",
      // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
      `states:DescribeExecution states:StopExecution on ${executions}/* Rosters/Machine:*`,
    ]);
  });

  it("has no other roles and policies than these, those of queues, of the bucket and of the bus, and those of the operations stack", () => {
    const granting = assembly.resources.filter(
      (each) => each.stack !== "PerchOperations" && /::IAM::|Policy$|::Permission$|KMS::Alias$/.test(each.type),
    );
    const types = new Set(granting.map(({ type }) => type));
    const expected = [
      ...["AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Lambda::Permission"],
      ...["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"],
    ];
    expect([...types].toSorted()).toEqual(stage === "local" ? expected : ["AWS::Events::EventBusPolicy", ...expected]);
    const roles = granting.filter(({ type }) => type === "AWS::IAM::Role");
    expect(roles.map(({ name }) => name).toSorted()).toEqual(
      [...Object.keys(permissions), "Rosters"].map((name) => `${name}/Role`).toSorted(),
    );
    for (const { name, properties } of roles) {
      const service = name === "Rosters/Role" ? "states" : "lambda";
      expect(JSON.stringify(properties["AssumeRolePolicyDocument"])).toContain(
        `"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"${service}.amazonaws.com"}}]`,
      );
    }
    expect(granting.filter(({ type }) => type === "AWS::IAM::Policy")).toHaveLength(roles.length);
  });
});
