/**
 * What each function may do, in full: what the templates are compared with, and what the deployed roles are tried against.
 * It is long because the table has every function.
 */

export const table = "ConnectionTable/Table";
export const key = "TokenKey/Key";
const secret = "FinchApplication/Secret";
export const pagesKey = "RosterPages/Key";
const bus = "Bus";
const stream = `${table}.StreamArn`;

const useKeys = {
  seal: `kms:Encrypt on ${key}, naming customer_id and connection_id`,
  open: `kms:Decrypt on ${key}, naming customer_id and connection_id`,
} as const;
const readFinchSecret = `secretsmanager:GetSecretValue on ${secret}`;
const usePages = {
  open: `kms:Decrypt on ${pagesKey}, naming customer_id and roster_id`,
  both: `kms:Decrypt kms:GenerateDataKey on ${pagesKey}, naming customer_id and roster_id`,
} as const;
/** Objects of the bucket whose names begin so: `pages`, which were read, or `rosters`, which were made of them. */
const onObjects = (actions: string, ...lives: readonly string[]): string =>
  `${actions
    .split(" ")
    .map((action) => `s3:${action}`)
    .join(" ")} on ${lives.map((life) => `RosterPages/Bucket/${life}/*`).join(" ")}`;
const publish = `events:PutEvents on ${bus}`;
const on = (actions: string, kind: string): string =>
  `${actions
    .split(" ")
    .map((action) => `dynamodb:${action}`)
    .join(" ")} on ${table}, keys ${kind}#*`;

const receiveFrom = (queue: string): string =>
  `sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on ${queue}/Queue`;

/** Nothing is sent to Finch without it. */
const spendBudgets = on("UpdateItem", "BUDGET");
/** To write down who has done something. */
const audit = on("PutItem", "AUDIT");

/** What it takes to make a token a connection. */
const claim = [
  on("ConditionCheckItem GetItem PutItem UpdateItem", "CUSTOMER"),
  on("PutItem UpdateItem", "OWNER"),
  on("PutItem", "TOKENS"),
  on("PutItem", "OUTBOX"),
  useKeys.seal,
  spendBudgets,
  readFinchSecret,
];

const createSession = [
  on("ConditionCheckItem GetItem", "CUSTOMER"),
  on("PutItem", "SESSION"),
  on("PutItem", "SESSIONS"),
  spendBudgets,
  audit,
  readFinchSecret,
];

/**
 * What each function may do, in full, beside writing its own log. Whoever changes a line here changes what an attacker in
 * that function can do. `invoked` is what callers of the exchange invoke: the function, or on AWS its alias.
 */
export const permissionsFor = (invoked: "Function" | "Live"): Readonly<Record<string, readonly string[]>> => ({
  "get-health": [],
  "get-openapi": [],
  "answer-unknown-path": [],
  "put-customer": [on("UpdateItem", "CUSTOMER"), audit],
  "get-customer": [on("GetItem", "CUSTOMER")],
  "list-customers": [`dynamodb:Query on ${table}/index/ledger`],
  "delete-customer": [
    on("GetItem UpdateItem", "CUSTOMER"),
    on("Query", "SESSIONS"),
    on("UpdateItem", "SESSION"),
    on("GetItem PutItem", "DELETION"),
    audit,
    "sqs:SendMessage on Deletions/Queue",
  ],
  "get-customer-deletion": [on("GetItem Query", "DELETION")],
  "create-connect-session": createSession,
  "create-reauthenticate-session": createSession,
  "get-connect-session": [on("GetItem", "SESSION")],
  "list-connect-sessions": [`dynamodb:Query on ${table}/index/ledger`, on("GetItem", "CUSTOMER")],
  "cancel-connect-session": [on("GetItem UpdateItem", "SESSION"), audit],
  "get-connect-pending": [on("GetItem", "SESSION")],
  "open-connect": [on("GetItem UpdateItem", "SESSION")],
  "receive-connect-callback": [
    on("GetItem UpdateItem", "SESSION"),
    `lambda:InvokeFunction on exchange-authorization-code/${invoked}`,
  ],
  "exchange-authorization-code": [...claim, on("GetItem UpdateItem", "SESSION")],
  "create-connection": [...claim, audit, `lambda:InvokeFunction on exchange-authorization-code/${invoked}`],
  "list-connections": [`dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`, on("GetItem", "CUSTOMER")],
  "get-connection": [on("GetItem", "CUSTOMER")],
  "create-page-session": [on("GetItem", "CUSTOMER"), on("PutItem", "PAGE"), audit],
  "open-page-session": [on("GetItem", "CUSTOMER"), on("DeleteItem GetItem UpdateItem", "PAGE"), audit],
  "read-page": [
    on("GetItem", "CUSTOMER"),
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
    on("GetItem UpdateItem", "PAGE"),
    on("GetItem", "SESSION"),
  ],
  "serve-page": [],
  "start-page-connect": [...createSession, on("GetItem UpdateItem", "PAGE")],
  "complete-page-connect": [
    on("GetItem", "CUSTOMER"),
    on("GetItem UpdateItem", "PAGE"),
    on("GetItem", "SESSION"),
    audit,
    `lambda:InvokeFunction on exchange-authorization-code/${invoked}`,
  ],
  "change-page-connection": [
    on("GetItem PutItem", "CUSTOMER"),
    on("GetItem UpdateItem", "PAGE"),
    on("DeleteItem Query", "COMPANY"),
    on("PutItem", "OUTBOX"),
    audit,
    "sqs:SendMessage on Checks/Requests/Queue Disconnects/Queue",
  ],
  "update-connection": [on("GetItem PutItem", "CUSTOMER"), on("PutItem", "OUTBOX"), audit],
  "accept-connection": [on("GetItem PutItem UpdateItem", "CUSTOMER"), on("PutItem", "OUTBOX"), audit],
  "delete-connection": [
    on("DeleteItem GetItem PutItem", "CUSTOMER"),
    on("DeleteItem", "OWNER"),
    on("DeleteItem GetItem", "TOKENS"),
    on("DeleteItem", "COMPANY"),
    on("DeleteItem", "SOURCE"),
    on("PutItem", "OUTBOX"),
    audit,
    "sqs:SendMessage on Disconnects/Queue",
  ],
  "disconnect-entity": [
    on("GetItem PutItem", "CUSTOMER"),
    on("PutItem", "OUTBOX"),
    audit,
    "sqs:SendMessage on Disconnects/Queue",
  ],
  "keep-duplicate": [on("GetItem PutItem", "CUSTOMER"), on("PutItem", "OUTBOX"), audit],
  "preview-disconnect": [on("GetItem", "CUSTOMER"), on("DeleteItem Query", "COMPANY")],
  "introspect-connection": [
    on("GetItem PutItem UpdateItem", "CUSTOMER"),
    on("DeleteItem PutItem Query", "COMPANY"),
    on("DeleteItem PutItem Query", "SOURCE"),
    on("DeleteItem GetItem", "TOKENS"),
    on("PutItem", "OUTBOX"),
    spendBudgets,
    audit,
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
    spendBudgets,
    useKeys.open,
    "sqs:SendMessage on Employers/Queue",
    receiveFrom("Checks/Requests"),
  ],
  "get-access-token": [on("GetItem", "CUSTOMER"), on("GetItem Query", "TOKENS"), audit, useKeys.open],
  "forward-to-finch": [
    on("GetItem", "CUSTOMER"),
    on("GetItem Query", "TOKENS"),
    audit,
    spendBudgets,
    useKeys.open,
    "sqs:SendMessage on Checks/Requests/Queue",
  ],
  "list-employers": [`dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`, on("GetItem", "CUSTOMER")],
  "read-employers": [
    on("GetItem UpdateItem", "CUSTOMER"),
    on("GetItem", "TOKENS"),
    spendBudgets,
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
    spendBudgets,
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
    spendBudgets,
    useKeys.open,
    "secretsmanager:GetSecretValue on HashKey/Secret",
    receiveFrom("Disconnects"),
    "sqs:SendMessage on Checks/Requests/Queue",
  ],
  "drive-deletion": [
    on("DeleteItem GetItem PutItem", "CUSTOMER"),
    on("DeleteItem GetItem Query UpdateItem", "ROSTERS"),
    onObjects("DeleteObject", "pages", "rosters"),
    's3:ListBucket on RosterPages/Bucket if {"StringLike":{"s3:prefix":["pages/*","rosters/*"]}}',
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
    on("DeleteItem GetItem", "SESSION"),
    on("DeleteItem Query", "SESSIONS"),
    on("GetItem Query UpdateItem", "DELETION"),
    on("PutItem", "OUTBOX"),
    "sqs:SendMessage on Deletions/Queue Disconnects/Queue",
    "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage on Deletions/Queue",
  ],
  "start-roster": [
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
    on("ConditionCheckItem", "CUSTOMER"),
    on("GetItem PutItem UpdateItem", "ROSTERS"),
    audit,
    "states:StartExecution on Rosters/Machine",
    "states:DescribeExecution on Rosters/Machine:*",
  ],
  // Knows which connections a customer has, and opens none.
  "reconcile-roster": [
    `dynamodb:Query on ${table}/index/listed, keys CUSTOMER#*`,
    on("GetItem PutItem Query UpdateItem", "ROSTERS"),
    on("PutItem", "OUTBOX"),
    "sqs:SendMessage on DeadLetters/Rosters",
    onObjects("GetObject", "pages"),
    onObjects("GetObject PutObject", "rosters"),
    usePages.both,
  ],
  // Opens the tokens of connections that it is named, and finds none by itself.
  "read-roster-page": [
    on("GetItem", "CUSTOMER"),
    on("GetItem", "TOKENS"),
    on("ConditionCheckItem GetItem PutItem", "ROSTERS"),
    spendBudgets,
    useKeys.open,
    onObjects("GetObject PutObject", "pages"),
    usePages.both,
    "sqs:SendMessage on Checks/Requests/Queue",
  ],
  "get-roster": [on("GetItem Query", "ROSTERS")],
  "list-employees": [on("GetItem", "ROSTERS"), onObjects("GetObject", "rosters"), usePages.open],
  "get-employee": [on("GetItem", "ROSTERS"), onObjects("GetObject", "rosters"), usePages.open],
  "match-employees": [on("ConditionCheckItem GetItem", "CUSTOMER"), on("GetItem PutItem", "ROSTERS"), audit],
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

/**
 * What each function may do where each token is kept in a secret that it may not where sealed tokens are kept in items: `…`
 * stands for the tokens' secrets.
 */
export const moreForSecrets: Readonly<Record<string, readonly string[]>> = {
  "create-connection": ["secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:DescribeSecret on …"],
  "exchange-authorization-code": [
    "secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:DescribeSecret on …",
  ],
  "introspect-connection": [
    "secretsmanager:DeleteSecret secretsmanager:DescribeSecret secretsmanager:GetSecretValue on …",
  ],
  "check-connection": ["secretsmanager:DeleteSecret secretsmanager:DescribeSecret secretsmanager:GetSecretValue on …"],
  "try-connections": ["secretsmanager:DeleteSecret secretsmanager:DescribeSecret secretsmanager:GetSecretValue on …"],
  "drive-disconnect": ["secretsmanager:DeleteSecret secretsmanager:DescribeSecret secretsmanager:GetSecretValue on …"],
  "forward-to-finch": ["secretsmanager:GetSecretValue on …"],
  "read-employers": ["secretsmanager:GetSecretValue on …"],
  "read-roster-page": ["secretsmanager:GetSecretValue on …"],
  "get-access-token": ["secretsmanager:GetSecretValue on …"],
  "delete-connection": ["secretsmanager:DeleteSecret secretsmanager:DescribeSecret on …"],
  "sweep-secrets": [
    "dynamodb:GetItem on ConnectionTable/Table, keys TOKENS#*",
    "logs:CreateLogStream logs:PutLogEvents on sweep-secrets/Log",
    'secretsmanager:DeleteSecret on … if {"NumericEquals":{"secretsmanager:RecoveryWindowInDays":"30"}}',
    "secretsmanager:DescribeSecret on …",
    "secretsmanager:ListSecrets on *",
    "sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage sqs:SendMessage on SecretSweeps/Queue",
  ],
};
