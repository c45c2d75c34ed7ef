/** Finch's own SDK on two ways: through Perch, and straight to the simulated Finch. */
import Finch from "@tryfinch/finch-api";
import { expect } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { callBackend } from "./api.ts";
import { pathOf } from "./connections.ts";
import { controlFinch } from "./finch.ts";
import { connect, createCustomer, type TestCustomer } from "./journey.ts";
import { getApiToken, readStack } from "./stack.ts";

/** A customer's connection, and both ways to what is behind it. */
export interface SdkSetting {
  readonly customer: TestCustomer;
  readonly connectionId: string;
  readonly entityId: string;
  /** Through Perch. */
  readonly through: Finch;
  /** To Finch itself, with the token handed out; each read must name the entity. */
  readonly straight: Finch;
}

/** Both clients of a connection. */
export const createClients = async (own: { readonly customer: TestCustomer; readonly connectionId: string }) => {
  const { customer, connectionId } = own;
  const handedOut = await callBackend(`${pathOf(customer, connectionId)}/access-token`, {
    json: { products: ["company", "directory", "individual", "employment"], reason: "test" },
  });
  expect(handedOut.status, handedOut.text).toBe(200);
  const { access_token, entity_ids } = handedOut.json<schema.AccessToken>();
  const [entityId = ""] = entity_ids;
  const baseURL = new URL(`${pathOf(customer, connectionId)}/finch`, readStack().apiUrl).href;
  const setting: SdkSetting = {
    ...{ customer, connectionId, entityId },
    through: new Finch({ accessToken: await getApiToken(), baseURL, maxRetries: 0 }),
    straight: new Finch({ accessToken: access_token, baseURL: readStack().finchUrl, maxRetries: 0 }),
  };
  return setting;
};

/** A new customer's connection with both clients. */
export const connectForSdk = async () => {
  const customer = await createCustomer();
  return createClients({ customer, connectionId: (await connect(customer)).connectionId });
};

/** Sets what the employer behind the connection holds. */
export const setEmployer = ({ connectionId }: SdkSetting, data: object) =>
  controlFinch("POST", `employers/${connectionId}`, data);

/** Everything, page by page. */
export const collect = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** Requests that Perch has sent to Finch, by its own audit, newest first. */
export const sentTo = async ({ customer }: SdkSetting): Promise<readonly string[]> => {
  const { audit } = (await callBackend(`${customer.path}/audit?limit=100`)).json<schema.AuditPage>();
  return audit.flatMap(({ request }) => (request ? [`${request.method} ${request.path}`] : []));
};

/** What of an answer's headers is Finch's word about the answer; times and ids differ from one request to the next. */
const headersOf = (headers: Headers) => ({
  type: headers.get("content-type"),
  result: headers.get("finch-last-attempted-update-result"),
  retry: headers.get("x-should-retry"),
  after: headers.get("retry-after"),
  finch: [...headers.keys()].filter((name) => name.startsWith("finch-")),
});

/** What came, without what the SDK's page objects remember of their own request. */
const dataOf = (data: object) => {
  const { options: _, response: __, ...came } = data as Readonly<Record<string, unknown>>;
  return came;
};

/** What a call of the SDK gives, with the response that it came in; or how it fails. */
export const outcomeOf = async (call: { withResponse(): Promise<{ data: object; response: Response }> }) => {
  try {
    const { data, response } = await call.withResponse();
    return { data: dataOf(data), status: response.status, headers: headersOf(response.headers) };
  } catch (error) {
    if (!(error instanceof Finch.APIError)) throw error;
    const { status, error: body, message, headers } = error;
    return { class: error.constructor.name, status, body, message, headers: headersOf(headers ?? new Headers()) };
  }
};
