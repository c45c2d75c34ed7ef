/** The simulated Finch's door for tests: what it knows, and how it behaves. */
import { readStack } from "./stack.ts";

/** What Finch knows of a connection, as far as tests look. */
export interface FinchConnection {
  readonly id: string;
  readonly providerId: string;
  readonly companyName: string;
  readonly creator: { readonly id: string };
}

/** A Connect session as Finch was asked for it. */
export interface FinchSession {
  readonly id: string;
  readonly customer: { readonly id: string; readonly name: string };
  readonly redirectUri: string | null;
  readonly products: readonly string[];
}

interface FinchState {
  readonly sessions: readonly FinchSession[];
  readonly connections: readonly FinchConnection[];
  readonly faults: readonly {
    readonly path: string;
    readonly codeHash?: string;
    readonly connectionId?: string;
  }[];
  /** Answers that a fault holds back, with the port of the socket on which the caller waits. */
  readonly lateAnswers: readonly { readonly path: string; readonly codeHash?: string; readonly callerPort: number }[];
}

/** A connection with the tokens that still open it. */
export interface LiveConnection {
  readonly id: string;
  readonly customerId: string | null;
  readonly status: string;
  readonly entities: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly liveTokens: readonly {
    /** SHA-256 of the token, in hex. */
    readonly hash: string;
    readonly products: readonly string[];
    readonly entityIds: readonly string[];
  }[];
}

/**
 * Calls the control door.
 *
 * @throws Error with what Finch says when it does not take the call.
 */
export const controlFinch = async <Said>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  what: string,
  body?: object,
): Promise<Said> => {
  const response = await fetch(`${readStack().finchUrl}/_control/${what}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${what} is refused: ${await response.text()}`);
  return (await response.json()) as Said;
};

/** Everything that Finch knows. */
export const readFinch = (): Promise<FinchState> => controlFinch("GET", "state");

/** The connections that a customer's sign-ins made at Finch, kept by Perch or not. */
export const finchConnectionsOf = async (customerId: string): Promise<readonly FinchConnection[]> =>
  (await readFinch()).connections.filter((connection) => connection.creator.id === customerId);

/** Every connection at Finch, ended ones too, with the tokens that still work. */
export const liveConnections = async (): Promise<readonly LiveConnection[]> =>
  (await controlFinch<{ connections: readonly LiveConnection[] }>("GET", "connections")).connections;

/** A token that Finch has issued without Connect. */
export interface MintedToken {
  readonly accessToken: string;
  readonly connectionId: string;
}

/** Has Finch issue a token without Connect, as for a platform that kept its tokens itself until now. */
export const mintToken = async (input: object): Promise<MintedToken> => {
  const minted = await controlFinch<{ access_token: string; connection_id: string }>("POST", "tokens", input);
  return { accessToken: minted.access_token, connectionId: minted.connection_id };
};

/**
 * Lets Finch answer every call that is made with a token of this connection, on this path, with one of its errors while a
 * call is made. No other test's calls meet it.
 *
 * @param kind a name of an error, such as `payment_required` or `reauthenticate_user`.
 */
export const withErrorsOf = async <Value>(
  connectionId: string,
  kind: string,
  call: () => Promise<Value>,
  path = "/introspect",
): Promise<Value> => {
  const about = { connection_id: connectionId, times: "until_cleared" };
  await controlFinch("POST", "faults", { path, kind, ...about });
  try {
    return await call();
  } finally {
    await controlFinch("DELETE", `faults?connection_id=${connectionId}`);
  }
};

/** Lets Finch behave in another way towards a company while a call is made. All tests share one Finch: other companies see nothing of it. */
export const withSetting = async <Value>(
  company: string,
  setting: Readonly<Record<string, string>>,
  call: () => Promise<Value>,
): Promise<Value> => {
  await controlFinch("POST", "settings", { company, ...setting });
  try {
    return await call();
  } finally {
    await controlFinch("DELETE", `settings?company=${encodeURIComponent(company)}`);
  }
};
