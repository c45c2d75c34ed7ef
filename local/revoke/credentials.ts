import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ok, type Result, refuse } from "#shared/result.ts";
import { readOutputs } from "../stack/outputs.ts";
import { root, sharedFolder } from "../stack/places.ts";

/** Where a deployment answers, and a client of it (OAuth 2.0 client credentials, RFC 6749 §4.4). */
export interface Credentials {
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
}

const names = ["PERCH_API_URL", "PERCH_TOKEN_URL", "PERCH_CLIENT_ID", "PERCH_CLIENT_SECRET"] as const;

/** As few as it takes. */
const neededScopes = "perch/customers:read perch/connections:read perch/connections:write";

/**
 * Which deployment is meant: the one of `--outputs`, else that of the environment, else the local stack. The secret is no
 * argument, since everybody on a machine sees those.
 */
export const readCredentials = (
  environment: Readonly<Record<string, string | undefined>>,
  outputs?: string,
): Result<Credentials, string> => {
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (outputs === undefined && missing.length < names.length) {
    if (missing.length > 0) return refuse(`The environment names a deployment, but not its ${missing.join(", ")}.`);
    const [apiUrl = "", tokenUrl = "", clientId = "", clientSecret = ""] = names.map((name) => environment[name]);
    const unsafe = [apiUrl, tokenUrl].find((url) => !isSafe(url));
    if (unsafe !== undefined) return refuse(`${unsafe} is no https address: credentials are not sent there.`);
    const scopes = environment["PERCH_SCOPES"] || neededScopes;
    return ok({ apiUrl: apiUrl.replace(/\/+$/, ""), tokenUrl, clientId, clientSecret, scopes });
  }
  const file = resolve(root, outputs ?? environment["PERCH_OUTPUTS"] ?? join(sharedFolder, "outputs.json"));
  if (!existsSync(file)) {
    return refuse(`${file} is not there. Start a local stack, name --outputs, or set ${names.join(", ")}.`);
  }
  return ok({ ...readOutputs(file), scopes: neededScopes });
};

const isSafe = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.protocol === "https:" || (url?.protocol === "http:" && /^(localhost|127\.0\.0\.1)$/.test(url.hostname));
};
