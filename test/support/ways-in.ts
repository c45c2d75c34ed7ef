/** The ways into Perch beside the link: an embedded session, an imported token, and signing a connection in again. */
import { expect } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { completeEmbedded } from "../../local/finch/drive-embedded.ts";
import { type Answer, callBackend } from "./api.ts";
import { pathOf } from "./connections.ts";
import { allProducts, type LinkedSession, returnUrl, type SignIn, type TestCustomer } from "./journey.ts";
import { readStack } from "./stack.ts";

/** A session of mode `embedded`: what the platform's page opens Finch's own SDK with. */
export type EmbeddedSession = schema.NewConnectSession & { readonly finch_session_id: string; readonly state: string };

/** What the platform's page hands to its backend. */
export interface Brought {
  readonly code: string;
  readonly state: string;
}

/** Starts an embedded session of the customer. */
export const startEmbedded = async (
  customer: TestCustomer,
  input: Partial<schema.ConnectSessionInput> = {},
): Promise<EmbeddedSession> => {
  const started = await callBackend(`${customer.path}/connect-sessions`, {
    json: { products: allProducts, mode: "embedded", ...input },
  });
  expect(started.status, started.text).toBe(201);
  return started.json<EmbeddedSession>();
};

/** Signs in inside the platform's page; returns what the page receives. */
export const signInEmbedded = async (
  { finch_session_id: sessionId, state }: Pick<EmbeddedSession, "finch_session_id" | "state">,
  { provider = "gusto", ...who }: SignIn = {},
): Promise<Brought> => {
  const at = { sessionId, finchUrl: readStack().finchUrl };
  const posted = await completeEmbedded({ at, state, provider, ...who });
  expect(posted.state).toBe(state);
  return { code: posted.code, state };
};

/** The request with which a backend brings a code. */
export const codeOf = ({ code, state }: Brought) => ({ json: { authorization_code: code, state } });

/** Brings a code. */
export const bringCode = (customer: TestCustomer, brought: Brought): Promise<Answer> =>
  callBackend(`${customer.path}/connections`, codeOf(brought));

/** Goes all the way through an embedded session. */
export const connectEmbedded = async (customer: TestCustomer, who: SignIn = {}): Promise<Answer> =>
  bringCode(customer, await signInEmbedded(await startEmbedded(customer), who));

/** Imports a token. */
export const importToken = (customer: TestCustomer, accessToken: string): Promise<Answer> =>
  callBackend(`${customer.path}/connections`, { json: { access_token: accessToken } });

/** Starts a session in which the customer signs a connection in again, by a link. */
export const startReauthentication = (customer: TestCustomer, connectionId: string): Promise<LinkedSession> =>
  postReauthentication(customer, connectionId, { return_url: returnUrl });

/** The same inside the platform's page, for these products. */
export const startEmbeddedReauthentication = (
  customer: TestCustomer,
  connectionId: string,
  products: schema.ConnectSessionInput["products"],
): Promise<EmbeddedSession> => postReauthentication(customer, connectionId, { mode: "embedded", products });

const postReauthentication = async <Session>(
  customer: TestCustomer,
  connectionId: string,
  json: object,
): Promise<Session> => {
  const started = await callBackend(`${pathOf(customer, connectionId)}/reauthenticate-sessions`, { json });
  expect(started.status, started.text).toBe(201);
  return started.json<Session>();
};

/** The stable type of a problem, without what all have in common. */
export const problemOf = (answer: Answer): string =>
  answer.json<schema.Problem>().type.replace("urn:perch:problem:", "");
