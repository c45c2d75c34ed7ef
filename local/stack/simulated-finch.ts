import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Companion, startCompanion, stopCompanion } from "./child-process.ts";
import { nodeEnvironment } from "./environments.ts";
import type { OtherFinch } from "./options.ts";
import type { OwnProcess } from "./own-processes.ts";
import { type Places, root } from "./places.ts";
import { Refusal } from "./refusal.ts";

/** The simulated Finch while it runs, and the application that Perch is there. */
export interface SimulatedFinch extends OtherFinch {
  readonly ended: Promise<void>;
  readonly stop: () => Promise<boolean>;
  /** Has Finch send its webhooks to this address, signed with the application's secret. */
  readonly sendWebhooksTo: (address: string) => Promise<void>;
}

/** What starting the simulated Finch takes. */
export interface SimulatedFinchOptions {
  readonly places: Places;
  readonly port: number;
  readonly redirectUri: string;
  readonly onStart: (own: OwnProcess) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts the simulated Finch, which goes on with what it knew.
 *
 * @throws Refusal when it does not come up.
 */
export const startSimulatedFinch = async (options: SimulatedFinchOptions): Promise<SimulatedFinch> => {
  const { places, port, redirectUri, onStart, signal } = options;
  const credentials = readCredentials(places.finchCredentials);
  const url = `http://127.0.0.1:${port}`;
  const companion: Companion = await startCompanion({
    title: "The simulated Finch",
    program: process.execPath,
    args: [
      "--disable-warning=ExperimentalWarning",
      join(root, "local/finch/main.ts"),
      "--port",
      String(port),
      "--state",
      places.finchState,
    ],
    cwd: root,
    env: nodeEnvironment({
      FINCH_CLIENT_ID: credentials.clientId,
      FINCH_CLIENT_SECRET: credentials.clientSecret,
      FINCH_REDIRECT_URIS: redirectUri,
    }),
    log: join(places.logs, "simulated-finch.log"),
    healthUrl: `${url}/health`,
    onStart,
    signal,
  });
  const sendWebhooksTo = async (address: string) => {
    const body = JSON.stringify({ url: address, secrets: [credentials.webhookSecret] });
    const response = await fetch(`${url}/_control/webhooks`, { method: "PUT", body, signal });
    if (!response.ok)
      throw new Refusal("The simulated Finch takes no address for its webhooks.", await response.text());
  };
  return { url, ...credentials, ended: companion.ended, stop: () => stopCompanion(companion, 5_000), sendWebhooksTo };
};

/** The application's credentials at the simulated Finch: random, and the same as long as the state is kept. */
const readCredentials = (file: string): Omit<OtherFinch, "url"> => {
  try {
    const { clientId, clientSecret, webhookSecret } = JSON.parse(readFileSync(file, "utf8"));
    if ([clientId, clientSecret, webhookSecret].every((value) => typeof value === "string")) {
      return { clientId, clientSecret, webhookSecret };
    }
  } catch {
    // There are none yet, or they were written by half: then nothing that they opened is worth keeping.
  }
  const credentials = {
    clientId: crypto.randomUUID(),
    clientSecret: `finch-secret-sandbox-${randomBytes(24).toString("base64url")}`,
    webhookSecret: randomBytes(32).toString("base64"),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
};
