/** Invokes the deployed functions that nobody calls over HTTP. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "./api.ts";
import { pathOf } from "./connections.ts";
import type { TestCustomer } from "./journey.ts";
import { patience } from "./patience.ts";
import { readStack } from "./stack.ts";

let opened: LambdaClient | undefined;

const client = (): LambdaClient => {
  const { awsEndpoint: endpoint, region } = readStack();
  opened ??= new LambdaClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  return opened;
};

let names: Promise<readonly string[]> | undefined;

const listNames = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await client().send(new ListFunctionsCommand({ ...(Marker && { Marker }) }));
    found.push(...(page.Functions ?? []).flatMap(({ FunctionName }) => FunctionName ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return found;
};

/**
 * Invokes a function by its folder under `functions/`, and waits for its end.
 *
 * @throws Error when it does not end well.
 */
export const invoke = async (folder: string, event: object = {}): Promise<unknown> => {
  names ??= listNames();
  const FunctionName = (await names).find((name) => name.endsWith(`-${folder}`));
  if (FunctionName === undefined) throw new Error(`no function is deployed from ${folder}`);
  const { FunctionError, Payload } = await client().send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`${folder} ended with ${text}`);
  return text === "" ? undefined : JSON.parse(text);
};

/** Invokes the driver of disconnects for one connection, as a message of its queue would. */
export const driveDisconnect = (customer: TestCustomer, connectionId: string): Promise<unknown> =>
  invoke("drive-disconnect", {
    Records: [
      { messageId: randomUUID(), body: JSON.stringify({ customer_id: customer.id, connection_id: connectionId }) },
    ],
  });

/** Waits until an entity whose end was asked for is the connection's no more; the request has nudged the driver. */
export const awaitEntityEnded = async (customer: TestCustomer, connectionId: string, entityId: string) => {
  for (const giveUpAt = Date.now() + patience.timeout; Date.now() < giveUpAt; await sleep(100)) {
    const read = await callBackend(pathOf(customer, connectionId));
    const { entities } = read.json<{ readonly entities: readonly { readonly id: string }[] }>();
    if (!entities.some(({ id }) => id === entityId)) return;
  }
  throw new Error(`entity ${entityId} is still there`);
};

/** Waits until a customer's deletion is done; returns the receipt. What is due is put before its driver, again and again. */
export const awaitDeletion = async (deletionId: string, seconds = 90): Promise<schema.CustomerDeletion> => {
  for (const giveUpAt = Date.now() + seconds * 1_000; Date.now() < giveUpAt; await sleep(500)) {
    const read = await callBackend(`/v1/customer-deletions/${deletionId}`);
    const deletion = read.json<schema.CustomerDeletion>();
    if (deletion.status === "completed") return deletion;
    // A nudge that waits in its queue is not waited for.
    const body = JSON.stringify({ deletion_id: deletionId });
    await invoke("drive-deletion", { Records: [{ messageId: randomUUID(), body }] });
  }
  throw new Error(`the deletion ${deletionId} is not done`);
};

/**
 * Waits until a connection whose disconnect is due is not found any more. The sweep is not waited for: it is invoked, and
 * puts what is due before its driver.
 */
export const awaitDisconnected = async (customer: TestCustomer, connectionId: string): Promise<void> => {
  for (const giveUpAt = Date.now() + patience.timeout; Date.now() < giveUpAt; ) {
    await invoke("sweep-due");
    for (let look = 0; look < 10; look += 1) {
      const { status } = await callBackend(pathOf(customer, connectionId));
      if (status === 404) return;
      await sleep(200);
    }
  }
  throw new Error(`connection ${connectionId} is still there`);
};
