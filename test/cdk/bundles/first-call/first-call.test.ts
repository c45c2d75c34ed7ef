import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundleFunctions, functionNames } from "../../../../cdk/bundles.ts";
import { openDynamoStores } from "../../../contract/open-stores.ts";
import { createConnectionTable, createLocalClient, startDynoxide } from "../../../support/dynoxide.ts";
import { firstCalls } from "./events.ts";
import { startOutside } from "./outside.ts";
import { storeFor } from "./store.ts";

/** What `call-once.cjs` tells. */
interface Told {
  readonly answer?: unknown;
  readonly error?: string;
  readonly undici: readonly string[];
}

const tableName = "first-call";
const folder = mkdtempSync(join(tmpdir(), "perch-bundles-"));
const [{ endpoint, stop }] = await Promise.all([startDynoxide(), bundleFunctions(folder)]);
const client = createLocalClient(endpoint);
await createConnectionTable(client, tableName);
const stores = openDynamoStores(client, tableName, 1);
afterAll(async () => {
  await stores.close();
  await stop();
  rmSync(folder, { recursive: true });
});

/** Every variable that a function may ask for, as on a stage with this token store; nothing of this process's own. */
const environmentOf = (url: string, tokenStore: string): Readonly<Record<string, string>> => ({
  ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: url },
  ...{ TABLE_NAME: tableName, FINCH_URL: url, PUBLIC_URL: "https://perch.example" },
  ...{ TOKEN_KEY_ARN: "arn:aws:kms:us-east-1:000000000000:key/tokens", FINCH_CLIENT_TYPE: "sandbox" },
  ...{ FINCH_SECRET_ARN: "finch", HASH_KEY_ARN: "hash-key", BUS_NAME: "bus", DEFAULT_CUSTOMER_MODE: "multiple" },
  ...{ DISCONNECT_QUEUE_URL: `${url}/0/disconnects`, CHECK_QUEUE_URL: `${url}/0/checks` },
  ...{ DELETION_QUEUE_URL: `${url}/0/deletions`, REFUSED_REPORTS_URL: `${url}/0/refused` },
  ...{ SWEEP_SECRETS_QUEUE_URL: `${url}/0/secrets`, SWEEP_SECRETS: "on", RETURN_ORIGINS: "https://app.example" },
  ...{ CHECK_INTERVAL_HOURS: "24", CHECKS_PER_RUN: "10", TRY_CONNECTIONS_FUNCTION_NAME: "try" },
  ...{ EXCHANGE_FUNCTION_NAME: "exchange" },
  ...(tokenStore === "secrets-manager" && {
    TOKEN_SECRET_PREFIX: "arn:aws:secretsmanager:us-east-1:000000000000:secret:perch/test/",
  }),
});

const callOnce = async (name: string, event: unknown, env: Readonly<Record<string, string>>): Promise<Told> => {
  const child: ChildProcess = fork(
    join(import.meta.dirname, "call-once.cjs"),
    [join(folder, name, "index.js"), JSON.stringify(event)],
    { env: { ...env }, execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  const said: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => said.push(part));
  const [told] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]): [Told] => [{ error: `it ended with ${code}`, undici: [] }]),
  ]);
  if (said.length > 0 && (told as Told).error !== undefined) return { ...told, error: `${told.error}\n${said}` };
  return told;
};

/** The token stores that a function knows of: for most, what is stored where makes no difference. */
const tokenStoresOf = (name: string): readonly string[] => {
  if (name === "sweep-secrets") return ["secrets-manager"];
  const knowsSecrets = readFileSync(join(folder, name, "index.js"), "utf8").includes("TOKEN_SECRET_PREFIX");
  return knowsSecrets ? ["kms", "secrets-manager"] : ["kms"];
};

it.each(functionNames().flatMap((name) => tokenStoresOf(name).map((tokenStore) => [name, tokenStore] as const)))(
  "%s answers its first call without undici, with %s as the token store",
  async (name, tokenStore) => {
    const stored = await storeFor(name, stores);
    const { webhookSecret, connection: connectionId } = stored;
    const outside = await startOutside({ dynamodb: endpoint, webhookSecret, connectionId, clientType: "sandbox" });
    try {
      const first = firstCalls(stored).get(name);
      if (first === undefined) throw new Error(`first-call/events.ts has no event for ${name}`);
      const told = await callOnce(name, first.event, environmentOf(outside.url, tokenStore));
      expect(told.error).toBeUndefined();
      // A call that was refused at the door would load nothing.
      expect(Number(Object(told.answer).statusCode ?? 200)).toBeLessThan(500);
      expect([...outside.called]).toEqual(expect.arrayContaining([...first.calls]));
      expect(told.undici).toEqual([]);
    } finally {
      await outside.stop();
    }
  },
);
