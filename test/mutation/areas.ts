/** A part of the source that is mutated, and the tests that are to notice. */
export interface Area {
  readonly name: string;
  /** Globs of what is mutated, from the project's folder. */
  readonly mutate: readonly string[];
  /** Globs of the test files, the cheapest that promise what this part does; they run in this order. */
  readonly tests: readonly string[];
}

/** What of the domain receives webhooks. */
const webhook = ["shared/connection/{receive-webhook,webhook-*}.ts"];

/** Ports are types, of which nothing is left at run time. */
const types = ["!shared/connection/*-port.ts", "!shared/connection/*ports.ts"];

/** What of the table is mapping and keys. */
const items = ["shared/dynamodb/{item,stored-time,keys,sealed,outbox,*-item}.ts"];

/** What of it moves a token and its session: transactions and their conditions. */
const claims = ["shared/dynamodb/{claim,table,begin-exchange,end-session,update-session,session-store}.ts"];

/** The unit tests come first: mostly one of milliseconds has noticed before the stores' contract begins. */
const storageTests = ["test/unit/dynamodb/**/*.test.ts", "test/mutation/stores.test.ts"];

/** Everything that is mutated. Tests that take seconds for their number of runs are left out where others are as sharp. */
export const areas: readonly Area[] = [
  {
    name: "http",
    mutate: ["shared/http/**/*.ts"],
    tests: [
      "test/unit/http/**/!(endpoint-junk).test.ts",
      // What only the page's functions are answered with.
      "test/unit/functions/{page-sessions,page-connect,change-page-connection,read-page}.test.ts",
    ],
  },
  {
    name: "vault",
    mutate: ["shared/kms/**/*.ts", "shared/secrets-manager/**/*.ts", "shared/aws/token-vault.ts"],
    tests: [
      "test/unit/{kms,secrets-manager,aws}/**/*.test.ts",
      "test/unit/finch/{credentials,webhook-keys}.test.ts",
      "test/unit/connection/sweep-secrets.test.ts",
      "test/contract/vaults.test.ts",
    ],
  },
  {
    name: "webhook",
    mutate: [...webhook, ...types, "functions/receive-finch-webhook/handler.ts"],
    tests: [
      "test/unit/connection/{answer-webhook,webhook-event,webhook-signature}.test.ts",
      "test/unit/functions/{receive-finch-webhook,webhook-secrets}.test.ts",
    ],
  },
  { name: "finch", mutate: ["shared/finch/**/*.ts"], tests: ["test/unit/finch/**/*.test.ts"] },
  { name: "items", mutate: items, tests: storageTests },
  { name: "claims", mutate: claims, tests: storageTests },
  {
    name: "storage",
    mutate: ["shared/dynamodb/**/*.ts", ...[...items, ...claims].map((glob) => `!${glob}`)],
    tests: ["test/unit/dynamodb/**/*.test.ts", "test/contract/roster-eraser.test.ts", "test/mutation/stores.test.ts"],
  },
  {
    name: "use",
    mutate: ["shared/use/**/*.ts"],
    tests: ["test/unit/use/**/*.test.ts", "test/unit/functions/use.test.ts"],
  },
  {
    name: "employer",
    mutate: ["shared/employer/**/*.ts", "!shared/employer/ports.ts"],
    tests: ["test/unit/employer/**/*.test.ts"],
  },
  {
    name: "budget",
    mutate: ["shared/budget/**/*.ts", "!shared/budget/budget-store.ts"],
    tests: ["test/unit/budget/!(simulation|window-kept).test.ts"],
  },
  {
    name: "page",
    mutate: ["shared/page/**/*.ts", "!shared/page/ports.ts"],
    tests: [
      "test/unit/page/*.test.ts",
      "test/unit/functions/{page-sessions,page-connect,change-page-connection,read-page}.test.ts",
    ],
  },
  {
    name: "roster",
    mutate: ["shared/{roster,s3}/**/*.ts", "!shared/roster/ports.ts"],
    // The one that is left out reads whole rosters within Finch's limits, which takes seconds.
    tests: ["test/unit/roster/!(limits).test.ts", "test/unit/s3/*.test.ts"],
  },
  {
    name: "connection",
    mutate: ["shared/connection/**/*.ts", ...types, ...webhook.map((glob) => `!${glob}`)],
    tests: ["test/unit/connection/**/!(sweep-many).test.ts", "test/unit/functions/receive-report.test.ts"],
  },
];
