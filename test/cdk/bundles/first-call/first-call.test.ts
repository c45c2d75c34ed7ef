import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundleFunctions, functionNames } from "../../../../cdk/bundles.ts";
import { openDynamoStores } from "../../../contract/open-stores.ts";
import { createConnectionTable, createLocalClient, startDynoxide } from "../../../support/dynoxide.ts";
import { functionEnvironment } from "../../../support/function-environment.ts";
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
      const told = await callOnce(name, first.event, functionEnvironment({ url: outside.url, tableName, tokenStore }));
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
