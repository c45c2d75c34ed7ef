import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { TryConnections } from "../connection/try-connections.ts";
import { readTrialAnswer, toTrialEvent } from "./trial-messages.ts";

/** A little more than the function may live. */
const patienceMs = 70_000;

/**
 * Creates the call of the function that tries connections. `client` must not repeat: a second trial would ask Finch as often
 * again.
 *
 * @throws Error when there is no answer, or the function failed.
 */
export const createInvokeTryConnections =
  (client: Pick<LambdaClient, "send">, functionName: string): TryConnections =>
  async (trial) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(toTrialEvent(trial)) }),
      { abortSignal: AbortSignal.timeout(patienceMs) },
    );
    if (FunctionError !== undefined) throw new Error("the trial failed");
    return readTrialAnswer(JSON.parse(Buffer.from(Payload ?? []).toString("utf8")));
  };
