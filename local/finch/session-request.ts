/** What `POST /connect/sessions` and `POST /connect/sessions/reauthenticate` accept (Finch API reference, Connect). */
import { asObject } from "./http.ts";
import { type AuthMethod, authMethods, findProvider, products as knownProducts } from "./providers.ts";

/** A refusal whose text names the field. */
export type Refused = { readonly refused: string };

/** The parsed body of a new Connect session. */
export type NewSessionRequest = {
  readonly customer: { readonly id: string; readonly name: string; readonly email: string | null };
  readonly products: readonly string[];
  readonly redirectUri: string | null;
  readonly minutesToExpire: number;
  readonly provider: string | null;
  readonly authMethod: AuthMethod | null;
  readonly connectionType: "provider" | "finch";
};

/** The parsed body of a reauthentication session. Null products mean those that the connection has. */
export type ReauthenticateRequest = {
  readonly connectionId: string;
  readonly products: readonly string[] | null;
  readonly redirectUri: string | null;
  readonly minutesToExpire: number;
};

type Body = Readonly<Record<string, unknown>>;

const longestMinutes = 129_600;
const reauthenticationMinutes = 43_200;

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length >= 1 && value.length <= 255;
const isEmpty = (value: unknown): value is null | undefined => value === null || value === undefined;

const productsProblem = (value: unknown): string | undefined => {
  if (!Array.isArray(value) || value.length === 0) return "products must be a list of at least one product";
  const unknown = value.findIndex((product) => !knownProducts.includes(product));
  if (unknown >= 0) return `products[${unknown}] must be one of ${knownProducts.join(", ")}`;
  // `deduction` is the old name of `benefits`; Finch asks not to send both.
  if (value.includes("deduction") && value.includes("benefits")) return "products must not hold deduction and benefits";
  return undefined;
};

const integrationProblem = (value: unknown): string | undefined => {
  if (isEmpty(value)) return undefined;
  const integration = asObject(value);
  if (!integration) return "integration must be an object";
  const { provider, auth_method: authMethod } = integration;
  if (typeof provider !== "string" || !findProvider(provider)) return "integration.provider must be a known provider";
  if (!isEmpty(authMethod) && !authMethods.some((known) => known === authMethod)) {
    return `integration.auth_method must be one of ${authMethods.join(", ")}`;
  }
  return undefined;
};

const sharedProblem = (body: Body, redirectUris: readonly string[]): string | undefined => {
  const { redirect_uri: redirectUri, minutes_to_expire: minutes } = body;
  if (!isEmpty(redirectUri) && !redirectUris.some((known) => known === redirectUri)) {
    return "redirect_uri must be one that is configured for this application";
  }
  if (!isEmpty(minutes) && !(typeof minutes === "number" && minutes >= 1 && minutes <= longestMinutes)) {
    return `minutes_to_expire must be a number from 1 to ${longestMinutes}`;
  }
  return undefined;
};

const newSessionProblem = (body: Body): string | undefined => {
  const { customer_id: id, customer_name: name, customer_email: email, manual, sandbox } = body;
  if (!isText(id)) return "customer_id must be a string of 1 to 255 characters";
  if (!isText(name)) return "customer_name must be a string of 1 to 255 characters";
  if (!isEmpty(email) && !(isText(email) && email.includes("@"))) return "customer_email must be an e-mail address";
  if (!isEmpty(manual) && typeof manual !== "boolean") return "manual must be a boolean";
  if (!isEmpty(sandbox) && sandbox !== "finch" && sandbox !== "provider") return "sandbox must be finch or provider";
  return undefined;
};

/** Parses the body of `POST /connect/sessions`; the first bad field is named. */
export const parseNewSession = (body: Body, redirectUris: readonly string[]): NewSessionRequest | Refused => {
  const refused =
    newSessionProblem(body) ??
    productsProblem(body["products"]) ??
    sharedProblem(body, redirectUris) ??
    integrationProblem(body["integration"]);
  if (refused !== undefined) return { refused };
  const integration = asObject(body["integration"]);
  return {
    customer: {
      id: body["customer_id"] as string,
      name: body["customer_name"] as string,
      email: (body["customer_email"] as string | null | undefined) ?? null,
    },
    products: [...new Set(body["products"] as string[])],
    redirectUri: (body["redirect_uri"] as string | null | undefined) ?? null,
    minutesToExpire: (body["minutes_to_expire"] as number | null | undefined) ?? longestMinutes,
    provider: (integration?.["provider"] as string | undefined) ?? null,
    authMethod: (integration?.["auth_method"] as AuthMethod | null | undefined) ?? null,
    connectionType: body["sandbox"] === "finch" ? "finch" : "provider",
  };
};

/** Parses the body of `POST /connect/sessions/reauthenticate`; the first bad field is named. */
export const parseReauthenticate = (body: Body, redirectUris: readonly string[]): ReauthenticateRequest | Refused => {
  const { connection_id: connectionId, products } = body;
  if (!isText(connectionId)) return { refused: "connection_id must be a string" };
  const refused = (isEmpty(products) ? undefined : productsProblem(products)) ?? sharedProblem(body, redirectUris);
  if (refused !== undefined) return { refused };
  return {
    connectionId,
    products: isEmpty(products) ? null : [...new Set(products as string[])],
    redirectUri: (body["redirect_uri"] as string | null | undefined) ?? null,
    minutesToExpire: (body["minutes_to_expire"] as number | null | undefined) ?? reauthenticationMinutes,
  };
};
