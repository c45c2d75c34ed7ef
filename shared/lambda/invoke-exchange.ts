import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { InvokeExchange } from "../connection/session-ending.ts";
import { toExchangeEvent } from "./exchange-request.ts";

/** The gateway gives its function 29 s: before that, whoever waits is sent on to look again later. */
const patienceMs = 25_000;

/**
 * Creates the call of the exchange function. It waits for 25 s; after that the function runs on to its own end without
 * anybody waiting, and so does one that stopped answering. `client` must not repeat: that is for whoever has the code.
 *
 * @throws what Lambda answers when a repetition would not help, such as a missing permission.
 */
export const createInvokeExchange =
  (client: Pick<LambdaClient, "send">, functionName: string): InvokeExchange =>
  async (response) => {
    const patience = AbortSignal.timeout(patienceMs);
    try {
      const { Payload, FunctionError } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(toExchangeEvent(response)) }),
        { abortSignal: patience },
      );
      if (FunctionError !== undefined) return { status: "not_run" };
      return JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
    } catch (error) {
      if (patience.aborted) return { status: "in_progress" };
      if (isPassing(error)) return { status: "not_run" };
      throw error;
    }
  };

/** Throttling (429), trouble of Lambda's own (5xx), or no answer: what Node names by the system's code, the SDK as a time-out. */
const isPassing = (error: unknown): boolean => {
  const { $metadata, code, name } = Object(error);
  const status: unknown = $metadata?.httpStatusCode;
  if (typeof status === "number") return status === 429 || status >= 500;
  return name === "TimeoutError" || (typeof code === "string" && /^E[A-Z_]+$/.test(code));
};
