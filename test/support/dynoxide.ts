/** A DynamoDB of a test's own, with the table as the CDK app defines it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";

const program = join(import.meta.dirname, "../../node_modules/@dynoxide/linux-x64/dynoxide");
const attempts = 5;
const patienceMs = 10_000;
/** A hundred thousand connections on a busy machine. */
const importPatienceMs = 1_200_000;

/** A running DynamoDB. */
export interface Dynoxide {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** Tables to begin with: files with a line for each item, as DynamoDB exports them, and their descriptions. */
export interface Import {
  /** Its folders are called as the tables. */
  readonly folder: string;
  /** A file with what DescribeTable says. */
  readonly schema: string;
}

/**
 * Starts dynoxide, in memory, on a free port of this machine.
 *
 * @throws Error if it is not installed, or does not come up.
 */
export const startDynoxide = async (from?: Import): Promise<Dynoxide> => {
  if (!existsSync(program)) {
    throw new Error("dynoxide is not installed: it needs Linux x64. Elsewhere name a DynamoDB in DYNAMODB_ENDPOINT");
  }
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const port = await findFreePort();
    const begin = from === undefined ? [] : ["import", "--source", from.folder, "--schema", from.schema, "--serve"];
    const child = spawn(program, [...begin, "--port", `${port}`], { stdio: "ignore" });
    const stop = () => stopChild(child);
    const stopWithUs = () => child.kill("SIGKILL");
    process.once("exit", stopWithUs);
    child.once("exit", () => process.off("exit", stopWithUs));
    if (await isUp(child, port, from === undefined ? patienceMs : importPatienceMs))
      return { endpoint: `http://127.0.0.1:${port}`, stop };
    // Somebody else took the port in between, or it hangs: another one.
    await stop();
  }
  throw new Error("dynoxide does not come up");
};

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

const isUp = async (child: ChildProcess, port: number, withinMs: number): Promise<boolean> => {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline && child.exitCode === null; await sleep(20)) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return child.exitCode === null;
    } catch {
      // Not yet.
    }
  }
  return false;
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
};

/** A client for a DynamoDB on this machine, which takes any credentials. */
export const createLocalClient = (endpoint: string, region = "us-east-1"): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });

type Schema = Omit<CreateTableCommandInput, "TableName">;

let schema: Promise<Schema> | undefined;

/** Creates a table with the keys and indexes that the deployed one has. */
export const createConnectionTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  schema ??= synthesiseSchema();
  await client.send(new CreateTableCommand({ ...(await schema), TableName: tableName }));
};

/** Reads the schema from the construct that is deployed, so that the two cannot differ. */
const synthesiseSchema = async (): Promise<Schema> => {
  // Loaded here only: the CDK takes seconds.
  const { App, Stack } = await import("aws-cdk-lib");
  const { Template } = await import("aws-cdk-lib/assertions");
  const { ConnectionTable } = await import("../../cdk/constructs/connection-table.ts");
  const stack = new Stack(new App({ analyticsReporting: false }), "Schema");
  new ConnectionTable(stack, "ConnectionTable");
  const [table] = Object.values(Template.fromStack(stack).findResources("AWS::DynamoDB::GlobalTable"));
  const { KeySchema, AttributeDefinitions, LocalSecondaryIndexes, GlobalSecondaryIndexes, BillingMode } =
    table?.["Properties"] ?? {};
  return { KeySchema, AttributeDefinitions, LocalSecondaryIndexes, GlobalSecondaryIndexes, BillingMode };
};
