import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { AuthorizationResponse } from "../connection/exchange-authorization-code.ts";
import type { ExchangeReply } from "../connection/session-ending.ts";
import { toExchangeEvent } from "./exchange-request.ts";

/** The gateway gives its function 29 s: before that, the browser is sent to a page that waits. */
const patienceMs = 25_000;

/**
 * Hands the code to the exchange function and waits for 25 s. After that it runs on to its own end without anybody
 * waiting; so does one that stopped answering. `client` must not repeat: a second invocation is the caller's to decide.
 *
 * @throws what Lambda answers when the function was not run at all, such as throttling.
 */
export const createInvokeExchange =
  (client: LambdaClient, functionName: string) =>
  async (response: AuthorizationResponse): Promise<ExchangeReply> => {
    const patience = AbortSignal.timeout(patienceMs);
    try {
      const { Payload, FunctionError } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(toExchangeEvent(response)) }),
        { abortSignal: patience },
      );
      // It died on the way: what it had begun, the session tells, and the same callback goes on with.
      if (FunctionError !== undefined) throw new Error("the exchange function failed");
      return JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
    } catch (error) {
      if (patience.aborted) return { status: "in_progress" };
      throw error;
    }
  };
