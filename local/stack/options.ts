import { parseArgs } from "node:util";
import { ok, type Result, refuse } from "#shared/result.ts";

/** How `npm start` was asked to start. */
export interface StartOptions {
  readonly help: boolean;
  readonly fresh: boolean;
  readonly detach: boolean;
  readonly port: number;
  readonly tokenStore: TokenStoreName;
  /** Another Finch than the simulated one. */
  readonly otherFinch?: OtherFinch;
}

/** Where sealed tokens are kept (`cdk/stages.ts`). */
export const tokenStores = ["kms", "secrets-manager"] as const;
export type TokenStoreName = (typeof tokenStores)[number];

/** A Finch that somebody else runs, and the application that Perch is there. */
export interface OtherFinch {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookSecret: string;
}

export const defaultPort = 8787;

export const startHelp = `npm start                       deploys Perch to an emulated AWS beside a simulated Finch; Ctrl-C stops it
npm start -- --fresh            forgets what earlier runs kept
npm start -- --detach           returns when it is ready; "npm run stop" ends it
npm start -- --port N           answers at http://localhost:N instead of ${defaultPort}
npm start -- --token-store NAME keeps sealed tokens in their items (kms, unless you say otherwise) or each in a secret
                                (secrets-manager)
npm start -- --finch-url URL    uses another Finch, such as its sandbox; needs FINCH_CLIENT_ID,
                                FINCH_CLIENT_SECRET and FINCH_WEBHOOK_SECRET in the environment`;

/**
 * Reads the arguments of `npm start` and the environment that `--finch-url` needs.
 *
 * @returns the options, or one sentence that says which argument is wrong and what it may be.
 */
export const parseStartOptions = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<StartOptions, string> => {
  const parsed = readArguments(args);
  if (!parsed.ok) return parsed;
  const { help = false, fresh = false, detach = false, port, "finch-url": finchUrl } = parsed.value;
  const portNumber = port === undefined ? defaultPort : Number(port);
  if (!Number.isInteger(portNumber) || portNumber < 1 || portNumber > 65535 || port === "") {
    return refuse(`--port ${port} is no port: give a number from 1 to 65535.`);
  }
  const tokenStore = parseTokenStore(parsed.value["token-store"]);
  if (!tokenStore.ok) return tokenStore;
  const options = { help, fresh, detach, port: portNumber, tokenStore: tokenStore.value };
  if (finchUrl === undefined) return ok(options);
  const otherFinch = readOtherFinch(finchUrl, environment);
  return otherFinch.ok ? ok({ ...options, otherFinch: otherFinch.value }) : otherFinch;
};

/** What `--token-store` says, or one sentence that says what it may be; tokens lie in their items where it is left out. */
export const parseTokenStore = (name = "kms"): Result<TokenStoreName, string> => {
  const tokenStore = tokenStores.find((known) => known === name);
  if (tokenStore !== undefined) return ok(tokenStore);
  return refuse(`--token-store ${name} is no token store: give one of ${tokenStores.join(", ")}.`);
};

const readArguments = (args: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        fresh: { type: "boolean" },
        detach: { type: "boolean" },
        port: { type: "string" },
        "token-store": { type: "string" },
        "finch-url": { type: "string" },
      },
    });
    return ok(values);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    return refuse(`${reason}. See "npm start -- --help".`);
  }
};

const readOtherFinch = (
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Result<OtherFinch, string> => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== text.replace(/\/$/, "")) {
    return refuse(`--finch-url ${text} is no origin: give one such as https://api.tryfinch.com.`);
  }
  const names = ["FINCH_CLIENT_ID", "FINCH_CLIENT_SECRET", "FINCH_WEBHOOK_SECRET"] as const;
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) {
    return refuse(`--finch-url needs ${missing.join(", ")} in the environment: your Finch application's values.`);
  }
  const [clientId = "", clientSecret = "", webhookSecret = ""] = names.map((name) => environment[name]);
  return ok({ url: url.origin, clientId, clientSecret, webhookSecret });
};
