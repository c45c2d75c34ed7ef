/** How a test reaches the deployed local stack that `npm test` starts for it. */
import { dirname, join, resolve } from "node:path";
import { type Outputs, readOutputs } from "../../local/stack/outputs.ts";

const projectRoot = join(import.meta.dirname, "..", "..");

const outputsFile = (): string => {
  const file = process.env["PERCH_OUTPUTS"];
  if (file === undefined || file === "") {
    throw new Error(
      "This test needs a deployed stack: run npm test, or npm start and set PERCH_OUTPUTS=.local/outputs.json",
    );
  }
  return resolve(projectRoot, file);
};

/**
 * Addresses and credentials of the deployed stack.
 *
 * @throws Error when no stack is named in the environment: `npm test` does, and so can whoever has run `npm start`.
 */
export const readStack = (): Outputs => readOutputs(outputsFile());

/** The folder in which the deployed stack keeps its things. Throws as `readStack`. */
export const readStackFolder = (): string => dirname(outputsFile());

const tokens = new Map<string, Promise<string>>();

/**
 * An access token (a JWT) of the platform's backend, for Perch's API. The same one for the same scopes: tokens hold an hour.
 *
 * @param scopes such as `customers:read`, without the `perch/`; all that the client may have when left out.
 * @throws Error with the token endpoint's answer when it refuses.
 */
export const getApiToken = (scopes?: readonly string[]): Promise<string> => {
  const stack = readStack();
  const scope = scopes === undefined ? stack.scopes : scopes.map((name) => `perch/${name}`).join(" ");
  const known = tokens.get(scope);
  if (known !== undefined) return known;
  const token = fetchToken(stack, scope);
  tokens.set(scope, token);
  return token;
};

const fetchToken = async ({ tokenUrl, clientId, clientSecret }: Outputs, scope: string): Promise<string> => {
  const response = await fetch(tokenUrl, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${tokenUrl} answered ${response.status}: ${answer}`);
  return JSON.parse(answer).access_token;
};
