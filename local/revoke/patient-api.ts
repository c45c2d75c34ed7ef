import { setTimeout as sleep } from "node:timers/promises";
import { Refusal, tail } from "../stack/refusal.ts";
import type { Credentials } from "./credentials.ts";

/** What the API answered: anything that is about the request itself. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The API of a deployment, for who has a lot to ask and no hurry to give up. */
export interface PatientApi {
  /**
   * Asks again, later and later, where the trouble passes: no answer, 429 and 5xx. Gets itself a new token when the old one
   * is over.
   *
   * @returns the last answer; one of 5xx when it was still so after all attempts.
   * @throws Refusal when there is no token, or a token that may not do this; the signal's reason when it is given.
   */
  readonly call: (method: string, path: string) => Promise<Answer>;
}

/** What a test replaces. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const surroundings: Surroundings = {
  fetch: (...about) => fetch(...about),
  pause: (ms, signal) => sleep(ms, undefined, { signal }),
};

const attempts = 8;
const longestPauseMs = 30_000;
const patienceMs = 60_000;
const passes = (status: number): boolean => status === 429 || status >= 500;

/** The API that these credentials are for. */
export const createPatientApi = (
  { apiUrl, ...credentials }: Credentials,
  signal: AbortSignal,
  { fetch, pause }: Surroundings = surroundings,
): PatientApi => {
  let token: Promise<string> | undefined;

  const patiently = async (url: string, init: () => Promise<RequestInit>): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const limits = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      const asked = await init();
      const answer = await fetch(url, { ...asked, signal: limits }).then(
        async (response): Promise<Answer> => ({ status: response.status, text: await response.text() }),
        (): Answer => ({ status: 599, text: `${new URL(url).origin} does not answer.` }),
      );
      signal.throwIfAborted();
      if (!passes(answer.status) || attempt === attempts) return answer;
      await pause(Math.max(retryAfterOf(answer) * 1_000, Math.min(250 * 2 ** attempt, longestPauseMs)), signal);
    }
  };

  const getToken = async (): Promise<string> => {
    const { clientId, clientSecret, scopes, tokenUrl } = credentials;
    const { status, text } = await patiently(tokenUrl, async () => ({
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: scopes }),
    }));
    if (status !== 200) throw new Refusal(`The token endpoint answered ${status}: are client and scopes right?`);
    return (JSON.parse(text) as { access_token: string }).access_token;
  };

  const callOnce = async (method: string, path: string): Promise<Answer> => {
    token ??= getToken();
    const used = token;
    const answer = await patiently(`${apiUrl}${path}`, async () => ({
      method,
      headers: { authorization: `Bearer ${await used}` },
    }));
    // A token holds an hour. Who comes first forgets it for all.
    if (answer.status === 401 && token === used) token = undefined;
    return answer;
  };

  return {
    async call(method, path) {
      const first = await callOnce(method, path);
      const answer = first.status === 401 ? await callOnce(method, path) : first;
      if (answer.status === 401 || answer.status === 403) {
        throw new Refusal(
          `${method} ${path} answered ${answer.status}: the client may not do this.`,
          tail(answer.text),
        );
      }
      return answer;
    },
  };
};

/** The seconds that a problem document asks for; none of a gateway's own answer. */
const retryAfterOf = ({ text }: Answer): number => {
  try {
    const { retry_after: seconds } = JSON.parse(text) as { retry_after?: unknown };
    return typeof seconds === "number" ? Math.min(seconds, longestPauseMs / 1_000) : 0;
  } catch {
    return 0;
  }
};
