/** A part of the source that is mutated, and the tests that are to notice. */
export interface Area {
  readonly name: string;
  /** Globs of what is mutated, from the project's folder. */
  readonly mutate: readonly string[];
  /** Globs of the test files: the cheapest that promise what this part does. */
  readonly tests: readonly string[];
}

/** What of the domain receives webhooks. */
const webhook = ["shared/connection/{receive-webhook,webhook-*}.ts"];

/** Ports are types, of which nothing is left at run time. */
const types = ["!shared/connection/*-port.ts", "!shared/connection/*ports.ts"];

/** Everything that is mutated. Tests that take seconds for their number of runs are left out where others are as sharp. */
export const areas: readonly Area[] = [
  {
    name: "http",
    mutate: ["shared/http/**/*.ts"],
    tests: ["test/unit/http/**/!(endpoint-junk).test.ts"],
  },
  {
    name: "vault",
    mutate: ["shared/kms/**/*.ts", "shared/secrets-manager/**/*.ts", "shared/aws/token-vault.ts"],
    tests: [
      "test/contract/vaults.test.ts",
      "test/unit/{kms,secrets-manager,aws}/**/*.test.ts",
      "test/unit/finch/{credentials,webhook-keys}.test.ts",
      "test/unit/connection/sweep-secrets.test.ts",
    ],
  },
  {
    name: "webhook",
    mutate: [...webhook, ...types, "functions/receive-finch-webhook/handler.ts"],
    tests: [
      "test/unit/functions/{receive-finch-webhook,webhook-secrets}.test.ts",
      "test/unit/connection/{answer-webhook,webhook-signature}.test.ts",
    ],
  },
  { name: "finch", mutate: ["shared/finch/**/*.ts"], tests: ["test/unit/finch/**/*.test.ts"] },
  {
    name: "storage",
    mutate: ["shared/dynamodb/**/*.ts"],
    tests: ["test/mutation/stores.test.ts", "test/unit/dynamodb/**/*.test.ts"],
  },
  {
    name: "connection",
    mutate: ["shared/connection/**/*.ts", ...types, ...webhook.map((glob) => `!${glob}`)],
    tests: ["test/unit/connection/**/!(sweep-many).test.ts", "test/unit/functions/receive-report.test.ts"],
  },
];
