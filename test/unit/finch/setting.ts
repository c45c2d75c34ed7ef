/** Perch's Finch client, on the simulated Finch and on servers that misbehave. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createFinch } from "#shared/finch/finch.ts";
import { createSendToFinch } from "#shared/finch/request.ts";
import { createTransport } from "#shared/finch/transport.ts";
import { secret } from "#shared/secret.ts";
import { parseFault } from "../../../local/finch/faults.ts";
import { application, startFinch } from "../../finch/support.ts";

/** The client of an application, at a base URL. */
export const createClient = (baseUrl: string, clientSecret: string = application.clientSecret) =>
  createFinch({
    send: createSendToFinch(createTransport(baseUrl, () => new Date())),
    credentials: async () => ({ clientId: application.clientId, clientSecret: secret(clientSecret) }),
  });

/** The client on a simulated Finch of the test's own, and a way to queue its next trouble. */
export const startClient = async () => {
  const finch = await startFinch();
  const trouble = (path: string, kind: string, more: object = {}): void => {
    const fault = parseFault({ path, kind, ...more });
    if ("refused" in fault) throw new Error(fault.refused);
    finch.simulator.faults.add(fault);
  };
  return { ...finch, client: createClient(finch.baseURL), trouble };
};

/** A server that answers as the test says; its base URL. */
export const startServer = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
