import { expect } from "vitest";
import { operation } from "#generated/operations/receive-finch-webhook.js";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { WebhookKeys } from "#shared/connection/receive-webhook.ts";
import { createLog } from "#shared/log.ts";
import { createHandler } from "../../../functions/receive-finch-webhook/handler.ts";
import { findBreaches } from "../../support/http-contract.ts";
import type { WebhookRequest } from "../../support/webhook-forgeries.ts";

/** A request as the gateway hands it over, the body in base64 or as text. */
export const gatewayEvent = ({ headers, body }: WebhookRequest, encoded = true): object => ({
  version: "2.0",
  headers: { "content-type": "application/json", ...headers },
  requestContext: { requestId: "JKJaXmPLvHcESHA=" },
  body: body.toString(encoded ? "base64" : "utf8"),
  isBase64Encoded: encoded,
});

/** The function over these secrets at this time. What it does outside is counted. */
export const aReceiver = (
  secrets: readonly string[],
  now: () => Date,
  {
    readAnew = async () => undefined,
    queueIsOut = false,
  }: { readonly readAnew?: WebhookKeys["readAnew"]; readonly queueIsOut?: boolean } = {},
) => {
  const requests: CheckRequest[] = [];
  const lines: string[] = [];
  const calls: string[] = [];
  const texts: string[] = [];
  const held = new Set<string>();
  const handle = createHandler({
    now,
    log: createLog((line) => lines.push(line)),
    keys: { read: async () => secrets.map((each) => Buffer.from(each, "base64")), readAnew },
    nudgeChecks: async (asked) => {
      if (queueIsOut) throw new Error("the queue is out");
      calls.push("queue");
      requests.push(...asked);
    },
  });
  const send = async (event: object): Promise<number> => {
    const { statusCode: status, headers, body: text } = await handle(event);
    texts.push(text);
    // To hold a reply against the document takes long, and most are the same.
    if (!held.has(text)) {
      const breaches = findBreaches(operation.method, operation.path, { status, headers: new Headers(headers), text });
      expect(breaches).toEqual([]);
      held.add(text);
    }
    if (status === 401) expect([headers["www-authenticate"], text]).toEqual(["Finch-Signature", refused]);
    return status;
  };
  return { send, requests, lines, calls, texts };
};

/** Every refusal of a signature is this, to the letter. */
const refused = JSON.stringify({
  type: "urn:perch:problem:invalid_signature",
  title: "The webhook is not signed by Finch.",
  status: 401,
  detail: "Only what Finch has signed with a current secret, in the last five minutes, is accepted here.",
  request_id: "JKJaXmPLvHcESHA=",
});
