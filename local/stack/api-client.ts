import type { Outputs } from "./outputs.ts";
import { Refusal } from "./refusal.ts";

/** What the platform's backend may do with Perch's API here. */
export interface ApiClient {
  /** Calls the API with a token that has all scopes, and returns the answer's body. */
  readonly call: <Answer>(method: string, path: string, body?: object) => Promise<Answer>;
}

/**
 * Gets an access token (OAuth 2.0 client credentials, RFC 6749 §4.4) and returns a client that uses it.
 * Calls throw a Refusal with the answer when it is no success.
 */
export const createApiClient = async ({
  apiUrl,
  tokenUrl,
  clientId,
  clientSecret,
  scopes,
}: Pick<Outputs, "apiUrl" | "tokenUrl" | "clientId" | "clientSecret" | "scopes">): Promise<ApiClient> => {
  const response = await fetch(tokenUrl, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: scopes }),
  });
  if (!response.ok) throw new Refusal(`The token endpoint answered ${response.status}.`);
  const { access_token: accessToken } = (await response.json()) as { access_token: string };
  return {
    async call<Answer>(method: string, path: string, body?: object) {
      const answer = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Refusal(`${method} ${path} answered ${answer.status}.`, await answer.text());
      return (await answer.json()) as Answer;
    },
  };
};
