import { expect } from "vitest";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { Customer } from "#shared/connection/customer.ts";
import type { ConnectionId, CustomerId, SessionId, TokenId } from "#shared/connection/identifiers.ts";
import type { EndpointHandler } from "#shared/http/endpoint.ts";
import { createLog } from "#shared/log.ts";
import { findBreaches } from "../../support/http-contract.ts";

export const acme = "acme|1" as CustomerId;
export const connectionId = "9f1e2d3c-4b5a-4697-8877-665544332211" as ConnectionId;
export const sessionId = "7c9e6679-7425-40de-944b-e07fc1f90ae7" as SessionId;
export const time = new Date("2026-03-01T09:30:00.000Z");

/** Clock and chance that stand still. */
export const surroundings = {
  now: () => time,
  newId: () => "0f8fad5b-d9cb-469f-a165-70867728950e",
  randomBytes: (length: number) => new Uint8Array(length).fill(7),
  sleep: async () => {},
};

export const aCustomer = (parts: Partial<Customer> = {}): Customer => ({
  customerId: acme,
  name: "Acme Bakery",
  email: null,
  mode: "multiple",
  metadata: {},
  incarnation: "one",
  connectionCount: 0,
  createdAt: time,
  updatedAt: time,
  deletion: null,
  ...parts,
});

export const aSession = (parts: Partial<ConnectSession> = {}): ConnectSession => ({
  sessionId,
  customerId: acme,
  incarnation: "one",
  status: "open",
  mode: "redirect",
  reauthenticates: null,
  requireAcceptance: false,
  products: ["company"],
  integration: null,
  returnUrl: null,
  ticketHash: "hash",
  finchConnectUrl: "https://connect.example.com/authorize",
  openings: [],
  exchange: null,
  outcome: null,
  failureReason: null,
  connectionId: null,
  tokenId: null,
  createdAt: time,
  expiresAt: new Date(time.getTime() + 86_400_000),
  endedAt: null,
  version: 1,
  ...parts,
});

export const aConnection = (parts: Partial<Connection> = {}): Connection => ({
  customerId: acme,
  connectionId,
  providerId: "gusto",
  finchStatus: "connected",
  heldReason: null,
  disconnect: null,
  entityDisconnects: [],
  possibleDuplicates: [],
  keptDuplicates: [],
  employers: [],
  label: null,
  metadata: {},
  clientType: "sandbox",
  connectionType: "provider",
  companyId: null,
  entities: [{ id: "e1", name: null, sourceId: null, status: null }],
  authenticationMethods: [],
  username: null,
  lastSuccessfulSync: null,
  tokens: [
    {
      tokenId: "0f8fad5b-d9cb-469f-a165-70867728950e" as TokenId,
      fingerprint: "f",
      products: ["company"],
      entityIds: ["e1"],
      createdAt: time,
      status: "connected",
      invalidSince: null,
    },
  ],
  introspectedAt: null,
  nextCheckAt: time,
  createdAt: time,
  updatedAt: time,
  version: 1,
  ...parts,
});

/** A reply that is as the document says. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Whole `Set-Cookie` values. */
  readonly cookies: readonly string[];
  /** The parsed body; undefined if it is not JSON. */
  readonly body: Readonly<Record<string, unknown>> & {
    readonly errors?: readonly { readonly field: string; readonly message: string }[];
  };
}

/** What a test says of a request. */
export interface Asked {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly rawQuery?: string;
  readonly cookies?: readonly string[];
  /** Beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The claims of the token that the gateway has verified. */
  readonly claims?: object;
}

/** A log whose lines a test can look through. */
export const recordLog = () => {
  const lines: string[] = [];
  return { log: createLog((line) => lines.push(line)), lines };
};

/** Sends a request to a handler as the gateway would, and holds the answer against the document. */
export const ask = async (
  handler: EndpointHandler,
  operation: { readonly method: string; readonly path: string },
  { path = {}, query, rawQuery, cookies, headers: more, body, claims }: Asked = {},
): Promise<Answer> => {
  const reply = await handler({
    routeKey: `${operation.method} ${operation.path}`,
    pathParameters: path,
    queryStringParameters: query,
    rawQueryString: rawQuery,
    cookies,
    // Whoever sends a request writes its Host: no address may be made from it.
    headers: { "content-type": "application/json", host: "evil.example", "x-forwarded-host": "evil.example", ...more },
    body: body === undefined ? undefined : JSON.stringify(body),
    requestContext: {
      requestId: "JKJaXmPLvHcESHA=",
      http: { method: operation.method },
      ...(claims && { authorizer: { jwt: { claims } } }),
    },
  });
  const { statusCode: status, headers, body: text } = reply;
  const pathname = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  expect(findBreaches(operation.method, pathname, { status, headers: new Headers(headers), text })).toEqual([]);
  const parsed = headers["content-type"]?.endsWith("json") ? JSON.parse(text) : {};
  return { status, headers, text, cookies: reply.cookies ?? [], body: parsed };
};

/** The last part of a problem's type. */
export const codeOf = ({ body }: Answer): string => String(body["type"]).replace("urn:perch:problem:", "");
