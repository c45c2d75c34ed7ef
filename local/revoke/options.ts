import { parseArgs } from "node:util";
import { ok, type Result, refuse } from "#shared/result.ts";
import { type Credentials, readCredentials } from "./credentials.ts";

/** Which connections are meant. Nothing named means all of them, which has to be said. */
export interface Scope {
  readonly customerId?: string;
  readonly providerId?: string;
}

/** How `npm run revoke-all` was asked to revoke. */
export interface RevokeOptions {
  readonly scope: Scope;
  readonly credentials: Credentials;
  readonly dryRun: boolean;
  /** Asks nothing. */
  readonly yes: boolean;
  /** Stays until Finch has confirmed every end. */
  readonly wait: boolean;
  readonly json: boolean;
}

export const revokeHelp = `npm run revoke-all -- --customer ID      takes every connection of a customer out of use, and ends it at Finch
npm run revoke-all -- --provider ID      every connection to a provider, such as gusto; with --customer, that customer's
npm run revoke-all -- --all              every connection of the deployment

  --dry-run        counts them, and changes nothing
  --yes            asks nothing; without it you type how many connections are meant
  --wait           stays until Finch has confirmed every end; Perch goes on by itself either way
  --json           prints the summary as JSON; progress goes to stderr
  --outputs FILE   addresses and credentials of a local stack; .local/outputs.json, unless PERCH_OUTPUTS names another

A deployment on AWS is named by the environment: PERCH_API_URL, PERCH_TOKEN_URL, PERCH_CLIENT_ID, PERCH_CLIENT_SECRET, and
PERCH_SCOPES where scopes do not begin with perch/.

A connection cannot be used as soon as it is asked for. It cannot be undone. Run it again after whatever ended it: what is
asked for stays so.

Ends with 0 when all of them are out of use; 1 when some are not; 2 when nothing was begun; 130 when it was interrupted.`;

/** Reads arguments and environment; a wrong one is refused with a sentence. `undefined` asks for the help. */
export const parseRevokeOptions = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<RevokeOptions | undefined, string> => {
  const parsed = readArguments(args);
  if (!parsed.ok) return parsed;
  const { help, customer, provider, all = false, outputs, ...flags } = parsed.value;
  if (help) return ok(undefined);
  if (customer === "" || provider === "") return refuse("--customer and --provider need an id.");
  if ((customer !== undefined || provider !== undefined) === all) {
    return refuse("Whose connections? Name a --customer, a --provider or both; or say --all.");
  }
  const credentials = readCredentials(environment, outputs);
  if (!credentials.ok) return credentials;
  return ok({
    scope: {
      ...(customer !== undefined && { customerId: customer }),
      ...(provider !== undefined && { providerId: provider }),
    },
    credentials: credentials.value,
    dryRun: flags["dry-run"] ?? false,
    yes: flags.yes ?? false,
    wait: flags.wait ?? false,
    json: flags.json ?? false,
  });
};

const readArguments = (args: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        customer: { type: "string" },
        provider: { type: "string" },
        all: { type: "boolean" },
        "dry-run": { type: "boolean" },
        yes: { type: "boolean" },
        wait: { type: "boolean" },
        json: { type: "boolean" },
        outputs: { type: "string" },
      },
    });
    return ok(values);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/[.\n]/);
    return refuse(`${reason}. See "npm run revoke-all -- --help".`);
  }
};
