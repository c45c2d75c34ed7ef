/** One good event for each function, and what it has to call because of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { routeCases } from "../../../security/route-cases.ts";
import { headersOf, signWebhook } from "../../../support/signed-webhook.ts";
import { root } from "../../support.ts";

/** What there is in the table. */
export interface Stored {
  readonly customer: string;
  readonly session: string;
  readonly connection: string;
  readonly ticket: string;
  readonly state: string;
  readonly cookie: string;
  /** A session of the connections page, its cookie, and the secret of a link. */
  readonly page: { readonly id: string; readonly cookie: string; readonly link: string };
  readonly deletion: string;
  readonly roster: string;
  readonly webhookSecret: string;
}

/** An event, and the services that the function calls for it. */
export interface FirstCall {
  readonly event: unknown;
  readonly calls: readonly string[];
}

const [dynamodb, secrets, kms, sqs] = ["DynamoDB_20120810", "secretsmanager", "TrentService", "AmazonSQS"];
const [s3, states] = ["s3", "AWSStepFunctions"];

/** Those that call more than the table for the request of `route-cases.ts`, or nothing. */
const callsOfRoutes: Readonly<Record<string, readonly string[]>> = {
  "get-health": [],
  "get-openapi": [],
  "serve-page": [],
  "create-connection": [dynamodb, secrets, kms, "finch"],
  "create-connect-session": [dynamodb, secrets, "finch"],
  "create-reauthenticate-session": [dynamodb, secrets, "finch"],
  "introspect-connection": [dynamodb, kms, "finch"],
  "get-access-token": [dynamodb, kms],
  "forward-to-finch": [dynamodb, kms, "finch"],
  "delete-connection": [dynamodb, sqs],
  "delete-customer": [dynamodb, sqs],
  "disconnect-entity": [dynamodb, sqs],
  "receive-connect-callback": ["lambda"],
  "start-roster": [dynamodb, states],
  "list-employees": [dynamodb, kms, s3],
  "get-employee": [dynamodb, kms, s3],
  "receive-finch-webhook": [secrets, sqs],
};

interface Route {
  readonly method: string;
  readonly path: string;
  readonly function: string;
}

/** The calls of all functions that have a route, or are invoked otherwise. */
export const firstCalls = (stored: Stored): ReadonlyMap<string, FirstCall> => {
  const routes = JSON.parse(readFileSync(join(root, ".generated/routes.json"), "utf8")) as readonly Route[];
  return new Map([
    ...routes
      .filter(({ path }) => path !== "$default")
      .map((route): [string, FirstCall] => [
        route.function,
        { event: toGatewayEvent(route, stored), calls: callsOfRoutes[route.function] ?? [dynamodb] },
      ]),
    ...Object.entries(callsOfOthers(stored)),
  ]);
};

const toGatewayEvent = ({ method: anyMethod, path: anyPath, function: name }: Route, stored: Stored) => {
  // A route for whatever is forwarded: `route-cases.ts` has the document's operations of it.
  const [method, pattern] = [anyMethod === "ANY" ? "GET" : anyMethod, anyPath.replace("+}", "}")];
  const routeCase = routeCases[`${method} ${pattern}`];
  if (routeCase === undefined) throw new Error(`${method} ${pattern} has no case in route-cases.ts`);
  const isCallback = name === "receive-connect-callback";
  const path = isCallback ? `/connect/callback?state=${stored.state}&code=code` : routeCase.path(stored);
  const [rawPath = "", rawQueryString = ""] = path.split("?");
  const isWebhook = name === "receive-finch-webhook";
  const isPage = pattern.startsWith("/page");
  const json = isWebhook
    ? { event_type: "account.updated", connection_id: stored.connection, data: {} }
    : routeCase.json;
  const webhook = signWebhook([stored.webhookSecret], json ?? {});
  return {
    version: "2.0",
    routeKey: `${anyMethod} ${anyPath}`,
    rawPath,
    rawQueryString,
    queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    pathParameters: readParameters(pattern, rawPath),
    headers: {
      ...((json !== undefined || isPage) && { "content-type": "application/json" }),
      ...(isPage && { origin: "https://perch.example", "x-perch-page": stored.page.id }),
      ...(isWebhook && headersOf(webhook)),
    },
    cookies: [`__Host-perch_browser=${stored.cookie}`, `__Host-perch_page=${stored.page.cookie}`],
    requestContext: { requestId: "first-call", http: { method: method.replace("ANY", "GET") } },
    ...(json !== undefined && { body: isWebhook ? webhook.body.toString() : JSON.stringify(json) }),
  };
};

const readParameters = (pattern: string, path: string): Readonly<Record<string, string>> => {
  const parts = path.split("/");
  const names = pattern.split("/");
  // The last one takes the rest.
  const valueAt = (at: number) => (at === names.length - 1 ? parts.slice(at).join("/") : (parts[at] ?? ""));
  return Object.fromEntries(
    names
      .map((part, at): [string | undefined, string] => [/^\{(.+)\}$/.exec(part)?.[1], valueAt(at)])
      .filter((parameter): parameter is [string, string] => parameter[0] !== undefined),
  );
};

const callsOfOthers = ({ customer, connection, state, cookie, deletion, roster }: Stored) => {
  const named = { customer_id: customer, connection_id: connection };
  const batch = (body: object) => ({ Records: [{ messageId: "1", body: JSON.stringify(body) }] });
  const asked = { reason: "webhook", asked_at: new Date().toISOString() };
  return {
    "answer-unknown-path": { event: { rawPath: "/x", requestContext: { http: { method: "GET" } } }, calls: [] },
    "exchange-authorization-code": { event: { state, code: "code", cookie }, calls: [dynamodb, secrets, kms, "finch"] },
    "check-connection": { event: batch({ ...named, ...asked }), calls: [dynamodb, kms, "finch"] },
    "drive-deletion": { event: batch({ deletion_id: deletion }), calls: [dynamodb, sqs] },
    "read-roster-page": {
      event: { step: "read", ...named, roster_id: roster },
      calls: [dynamodb, kms, "finch", s3],
    },
    "reconcile-roster": {
      event: { step: "reconcile", customer_id: customer, roster_id: roster },
      calls: [dynamodb, kms, s3],
    },
    "read-employers": { event: batch({ ...named, attempt: 0 }), calls: [dynamodb, kms, "finch"] },
    "drive-disconnect": { event: batch(named), calls: [dynamodb, kms, "finch", secrets] },
    "publish-events": { event: { Records: [] }, calls: [] },
    "receive-report": {
      event: batch({
        "detail-type": "ReauthenticationReported",
        source: "payroll",
        detail: { ...named, reason: "a job was refused" },
      }),
      calls: [dynamodb, sqs],
    },
    "sweep-checks": { event: {}, calls: [dynamodb, "lambda"] },
    "sweep-due": { event: {}, calls: [dynamodb, "AWSEvents"] },
    "sweep-secrets": { event: batch({}), calls: [secrets] },
    "try-connections": { event: { connections: [named], most_calls: 5 }, calls: [dynamodb, kms, "finch"] },
  };
};
