/** What each function may do, in full. It is long because the table has every function. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStatements, statementsOf, toLine } from "./permissions-of.ts";
import { resourcesOf, root, synthesise } from "./support.ts";

const table = "ConnectionTable/Table";
const key = "TokenKey/Key";
const secret = "FinchApplication/Secret";
const bus = "Bus";
const stream = `${table}.StreamArn`;

const useKeys = {
  seal: `kms:Encrypt on ${key}, naming customer_id and connection_id`,
  open: `kms:Decrypt on ${key}, naming customer_id and connection_id`,
} as const;
const readFinchSecret = `secretsmanager:GetSecretValue on ${secret}`;
const publish = `events:PutEvents on ${bus}`;
const on = (actions: string, kind: string): string =>
  `${actions
    .split(" ")
    .map((action) => `dynamodb:${action}`)
    .join(" ")} on ${table}, keys ${kind}#*`;

const receiveFrom = (queue: string): string =>
  `sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on ${queue}/Queue`;

/** What it takes to make a token a connection. */
const claim = [
  on("ConditionCheckItem GetItem PutItem UpdateItem", "CUSTOMER"),
  on("PutItem UpdateItem", "OWNER"),
  on("PutItem", "TOKENS"),
  on("PutItem", "OUTBOX"),
  useKeys.seal,
  readFinchSecret,
];

const createSession = [
  on("ConditionCheckItem GetItem", "CUSTOMER"),
  on("PutItem", "SESSION"),
  on("PutItem", "SESSIONS"),
  readFinchSecret,
];

/**
 * What each function may do, in full, beside writing its own log. Whoever changes a line here changes what an attacker in
 * that function can do. `invoked` is what callers of the exchange invoke: the function, or on AWS its alias.
 */
const permissionsFor = (invoked: "Function" | "Live"): Readonly<Record<string, readonly string[]>> => ({
  "get-health": [],
  "get-openapi": [],
  "answer-unknown-path": [],
  "put-customer": [on("UpdateItem", "CUSTOMER")],
  "get-customer": [on("GetItem", "CUSTOMER")],
  "list-customers": [`dynamodb:Query on ${table}/index/ledger`],
  "delete-customer": [
    on("GetItem UpdateItem", "CUSTOMER"),
    on("Query", "SESSIONS"),
    on("UpdateItem", "SESSION"),
    on("GetItem PutItem", "DELETION"),
    "sqs:SendMessage on Deletions/Queue",
  ],
  "get-customer-deletion": [on("GetItem Query", "DELETION")],
  "create-connect-session": createSession,
  "create-reauthenticate-session": createSession,
  "get-connect-session": [on("GetItem", "SESSION")],
  "list-connect-sessions": [`dynamodb:Query on ${table}/index/ledger`, on("GetItem", "CUSTOMER")],
  "cancel-connect-session": [on("GetItem UpdateItem", "SESSION")],
  "get-connect-pending": [on("GetItem", "SESSION")],
  "open-connect": [on("GetItem UpdateItem", "SESSION")],
  "receive-connect-callback": [
    on("GetItem UpdateItem", "SESSION"),
    `lambda:InvokeFunction on exchange-authorization-code/${invoked}`,
  ],
  "exchange-authorization-code": [...claim, on("GetItem UpdateItem", "SESSION")],
  "create-connection": [...claim, `lambda:InvokeFunction on exchange-authorization-code/${invoked}`],
  "list-connections": [`dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`, on("GetItem", "CUSTOMER")],
  "get-connection": [on("GetItem", "CUSTOMER")],
  "update-connection": [on("GetItem PutItem", "CUSTOMER"), on("PutItem", "OUTBOX")],
  "accept-connection": [on("GetItem PutItem UpdateItem", "CUSTOMER"), on("PutItem", "OUTBOX")],
  "delete-connection": [
    on("DeleteItem GetItem PutItem", "CUSTOMER"),
    on("DeleteItem", "OWNER"),
    on("DeleteItem GetItem", "TOKENS"),
    on("DeleteItem", "COMPANY"),
    on("DeleteItem", "SOURCE"),
    on("PutItem", "OUTBOX"),
    "sqs:SendMessage on Disconnects/Queue",
  ],
  "disconnect-entity": [
    on("GetItem PutItem", "CUSTOMER"),
    on("PutItem", "OUTBOX"),
    "sqs:SendMessage on Disconnects/Queue",
  ],
  "keep-duplicate": [on("GetItem PutItem", "CUSTOMER"), on("PutItem", "OUTBOX")],
  "preview-disconnect": [on("GetItem", "CUSTOMER"), on("DeleteItem Query", "COMPANY")],
  "introspect-connection": [
    on("GetItem PutItem UpdateItem", "CUSTOMER"),
    on("DeleteItem PutItem Query", "COMPANY"),
    on("DeleteItem PutItem Query", "SOURCE"),
    on("DeleteItem GetItem", "TOKENS"),
    on("PutItem", "OUTBOX"),
    useKeys.open,
  ],
  "check-connection": [
    on("GetItem PutItem UpdateItem", "CUSTOMER"),
    on("DeleteItem PutItem Query", "COMPANY"),
    on("DeleteItem PutItem Query", "SOURCE"),
    on("GetItem", "OWNER"),
    on("GetItem PutItem", "WEBHOOK"),
    on("DeleteItem PutItem UpdateItem", "PARKED"),
    on("UpdateItem", "PARKINGS"),
    on("DeleteItem GetItem", "TOKENS"),
    on("PutItem", "OUTBOX"),
    useKeys.open,
    "sqs:SendMessage on Employers/Queue",
    receiveFrom("Checks/Requests"),
  ],
  "get-access-token": [on("GetItem", "CUSTOMER"), on("GetItem Query", "TOKENS"), on("PutItem", "AUDIT"), useKeys.open],
  "forward-to-finch": [
    on("GetItem", "CUSTOMER"),
    on("GetItem Query", "TOKENS"),
    on("PutItem", "AUDIT"),
    useKeys.open,
    "sqs:SendMessage on Checks/Requests/Queue",
  ],
  "list-employers": [`dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`, on("GetItem", "CUSTOMER")],
  "read-employers": [
    on("GetItem UpdateItem", "CUSTOMER"),
    on("GetItem", "TOKENS"),
    useKeys.open,
    "sqs:SendMessage on Checks/Requests/Queue Employers/Queue",
    receiveFrom("Employers"),
  ],
  "list-audit": [on("Query", "AUDIT"), on("GetItem", "CUSTOMER")],
  "receive-finch-webhook": [readFinchSecret, "sqs:SendMessage on Checks/Requests/Queue"],
  "receive-report": [
    on("GetItem", "OWNER"),
    "sqs:SendMessage on Checks/Requests/Queue DeadLetters/Reports",
    receiveFrom("Hints/Reports"),
  ],
  // Knows which connections are due, and opens none.
  "sweep-checks": [
    `dynamodb:Query on ${table}/index/due`,
    on("GetItem UpdateItem", "SWEEP"),
    `lambda:InvokeFunction on try-connections/${invoked}`,
    "sqs:SendMessage on Checks/Requests/Queue DeadLetters/CheckSweeps",
  ],
  // Opens the tokens of connections that it is named, and finds none by itself.
  "try-connections": [
    on("GetItem PutItem UpdateItem", "CUSTOMER"),
    on("DeleteItem PutItem Query", "COMPANY"),
    on("DeleteItem PutItem Query", "SOURCE"),
    on("DeleteItem GetItem", "TOKENS"),
    on("PutItem", "OUTBOX"),
    useKeys.open,
    "sqs:SendMessage on Employers/Queue",
  ],
  "drive-disconnect": [
    on("DeleteItem GetItem PutItem UpdateItem", "CUSTOMER"),
    on("PutItem", "OWNER"),
    on("DeleteItem GetItem", "TOKENS"),
    on("DeleteItem Query", "COMPANY"),
    on("DeleteItem", "SOURCE"),
    on("PutItem", "DELETION"),
    on("PutItem", "OUTBOX"),
    useKeys.open,
    "secretsmanager:GetSecretValue on HashKey/Secret",
    receiveFrom("Disconnects"),
    "sqs:SendMessage on Checks/Requests/Queue",
  ],
  "drive-deletion": [
    on("DeleteItem GetItem PutItem", "CUSTOMER"),
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
    on("DeleteItem GetItem", "SESSION"),
    on("DeleteItem Query", "SESSIONS"),
    on("GetItem Query UpdateItem", "DELETION"),
    on("PutItem", "OUTBOX"),
    "sqs:SendMessage on Deletions/Queue Disconnects/Queue",
    "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on Deletions/Queue",
  ],
  "publish-events": [
    `dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on ${stream}`,
    on("DeleteItem", "OUTBOX"),
    publish,
    "sqs:SendMessage on DeadLetters/Events",
  ],
  "sweep-due": [
    `dynamodb:Query on ${table}/index/due`,
    on("GetItem UpdateItem", "SESSION"),
    on("DeleteItem GetItem PutItem", "OUTBOX"),
    publish,
    "sqs:SendMessage on Deletions/Queue Disconnects/Queue DeadLetters/Sweeps",
  ],
});

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
    expect(each.flatMap(({ resources }) => resources).filter((resource) => resource.includes("*"))).toEqual([]);
  });

  it("lets nobody scan, and nobody who decrypts read more than one item by its key, but for the ids of one employer and a customer's own tokens", () => {
    const actionsOf = (name: string) => statements.get(name)?.flatMap(({ actions }) => actions) ?? [];
    const readers = [...statements.keys()].filter((name) => actionsOf(name).includes("kms:Decrypt"));
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

  it("ties each use of the table to kinds of items, and each use of the key to a customer and a connection", () => {
    const lines = each.map((statement) => [statement.actions, toLine(statement)] as const);
    for (const [actions, line] of lines) {
      // A global index has keys of its own, and a stream has none.
      const isOfTable = / on ConnectionTable\/Table(\/index\/listed)?\b(?!\/index|\.StreamArn)/.test(line);
      if (isOfTable) expect(line).toMatch(/, keys [A-Z]+#\*$/);
      if (isOfTable) expect(actions.every((action) => /Item$|Query$/.test(action))).toBe(true);
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

  it("lets a function see what lies in a global index, which is never a token, but change nothing there", () => {
    const lines = each.map(toLine).filter((line) => line.includes("/index/") && !line.includes("/index/listed"));
    expect(new Set(lines)).toEqual(
      new Set([`dynamodb:Query on ${table}/index/ledger`, `dynamodb:Query on ${table}/index/due`]),
    );
  });

  it("has no other roles and policies than these, those of queues and of the bus, and those of the operations stack", () => {
    const granting = assembly.resources.filter(
      (each) => each.stack !== "PerchOperations" && /::IAM::|Policy$|::Permission$|KMS::Alias$/.test(each.type),
    );
    const types = new Set(granting.map(({ type }) => type));
    const expected = ["AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::SQS::QueuePolicy"];
    expect([...types].toSorted()).toEqual(stage === "local" ? expected : ["AWS::Events::EventBusPolicy", ...expected]);
    const roles = granting.filter(({ type }) => type === "AWS::IAM::Role");
    expect(roles.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(permissions)
        .map((name) => `${name}/Role`)
        .toSorted(),
    );
    for (const { properties } of roles) {
      expect(JSON.stringify(properties["AssumeRolePolicyDocument"])).toContain(
        '"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}]',
      );
    }
    expect(granting.filter(({ type }) => type === "AWS::IAM::Policy")).toHaveLength(roles.length);
  });
});
