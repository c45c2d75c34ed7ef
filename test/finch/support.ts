/** A simulator for one test, Finch's own SDK on it, and the few steps that most tests begin with. */
import Finch from "@tryfinch/finch-api";
import { onTestFinished } from "vitest";
import { type CompleteConnectOptions, completeConnect } from "../../local/finch/drive-connect.ts";
import { createFinchSimulator, type FinchSimulatorOptions } from "../../local/finch/server.ts";

export const application = {
  clientId: "5a1f3c0e-0000-4000-8000-000000000001",
  clientSecret: "not-a-real-secret",
  redirectUris: ["https://app.example/connect/callback", "http://localhost:3000/callback?from=finch"],
  clientType: "sandbox",
} as const;

export const otherApplication = { ...application, clientId: "5a1f3c0e-0000-4000-8000-000000000002" } as const;

export const [redirectUri] = application.redirectUris;

export const aSession = {
  customer_id: "acme",
  customer_name: "Acme Inc.",
  products: ["company", "directory"],
  redirect_uri: redirectUri,
} satisfies Finch.Connect.SessionNewParams;

/** What the control door answers, as far as tests look at it by name. */
type ControlAnswer = {
  readonly message: string;
  readonly settings: unknown;
  readonly companySettings: unknown;
  readonly sessions: unknown;
  readonly connections: unknown;
  readonly tokens: unknown;
  readonly unusedCodes: unknown;
  readonly faults: unknown;
  readonly lateAnswers: unknown;
};

/** Starts a simulator that ends with the test. */
export const startFinch = async (options: Partial<FinchSimulatorOptions> = {}) => {
  const simulator = createFinchSimulator({ applications: [application, otherApplication], ...options });
  await simulator.listen();
  onTestFinished(() => simulator.close());
  const baseURL = simulator.url;
  const sdk = new Finch({
    baseURL,
    clientID: application.clientId,
    clientSecret: application.clientSecret,
    maxRetries: 0,
  });

  /** Makes a session and signs in: the callback URL. */
  const connect = async (
    session: Partial<Finch.Connect.SessionNewParams> = {},
    login: Partial<CompleteConnectOptions> = {},
  ): Promise<URL> => {
    const { connect_url: connectUrl } = await sdk.connect.sessions.new({ ...aSession, ...session });
    return completeConnect({ connectUrl, provider: "gusto", ...login });
  };
  const connectForCode = async (...args: Parameters<typeof connect>): Promise<string> =>
    (await connect(...args)).searchParams.get("code") ?? "";
  const exchange = (code: string, params: Partial<Finch.AccessTokenCreateParams> = {}) =>
    sdk.accessTokens.create({ code, redirect_uri: redirectUri, ...params });
  /** Goes through a reauthentication session of this connection: the new grant. */
  const reauthenticate = async (
    connectionId: string,
    login: Partial<CompleteConnectOptions> = {},
    session: Partial<Finch.Connect.SessionReauthenticateParams> = {},
  ) => {
    const asked = { connection_id: connectionId, redirect_uri: redirectUri, ...session };
    const { connect_url: connectUrl } = await sdk.connect.sessions.reauthenticate(asked);
    const callback = await completeConnect({ connectUrl, provider: "rippling", ...login });
    return exchange(callback.searchParams.get("code") ?? "");
  };
  const connectAndExchange = async (...args: Parameters<typeof connect>) => exchange(await connectForCode(...args));

  /** Calls the control door. */
  const control = async (method: string, name: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${baseURL}/_control/${name}`, init);
    return { status: response.status, body: (await response.json()) as ControlAnswer };
  };
  const entitiesOf = async (accessToken: string) =>
    (await as(accessToken).account.introspect()).entities?.map(({ name, status }) => `${name}: ${status}`);
  const as = (accessToken: string) => sdk.withOptions({ accessToken });

  return {
    simulator,
    sdk,
    baseURL,
    connect,
    connectForCode,
    exchange,
    connectAndExchange,
    reauthenticate,
    entitiesOf,
    control,
    as,
  };
};

/** What a promise rejects with. */
export const failureOf = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It was expected to fail");
};

/** Exchanges a code, and hangs up as soon as this has happened; what the caller is told. */
export const hangUpAfter = async (
  { sdk }: Awaited<ReturnType<typeof startFinch>>,
  code: string,
  happens: () => Promise<void>,
) => {
  const caller = new AbortController();
  const params = { code, redirect_uri: redirectUri };
  const failure = failureOf(sdk.accessTokens.create(params, { signal: caller.signal }));
  await happens();
  caller.abort();
  return failure;
};

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
