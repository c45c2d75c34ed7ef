/** What each of Finch's error bodies means for Perch: about the customer, about the platform, or about nothing yet. */
import { describe, expect, it } from "vitest";
import type { PlatformTrouble, Unanswered, Undecided } from "#shared/connection/finch-port.ts";
import { secret } from "#shared/secret.ts";
import { type ErrorKind, errorKinds } from "../../../local/finch/errors.ts";
import { redirectUri } from "../../finch/support.ts";
import { newCustomerId } from "../../support/builders.ts";
import { createClient, startClient } from "./setting.ts";

const trouble = (reason: string): PlatformTrouble => ({ kind: "platform_trouble", reason });
const undecided = (reason: Unanswered["reason"]): Unanswered => ({ kind: "undecided", reason });

/** Where no call has a rule of its own. A new kind of error does not compile until it is here. */
const meanings: Record<ErrorKind, PlatformTrouble | Undecided> = {
  invalid_grant_error: trouble("invalid_grant_error"),
  invalid_grant: trouble("invalid_grant"),
  bad_request: trouble("invalid_request"),
  validation_error: trouble("validation_error"),
  invalid_client_error: trouble("invalid_client_error"),
  invalid_token_error: trouble("invalid_token_error"),
  unauthorized_request_error: trouble("unauthorized_request_error"),
  invalid_request_error: trouble("invalid_request_error"),
  reauthenticate_user: trouble("reauthenticate_user"),
  account_setup_required: trouble("account_setup_required"),
  payment_required: trouble("payment_required"),
  error_permissions: trouble("insufficient_account_permissions"),
  insufficient_scope_error: trouble("insufficient_scope_error"),
  not_found_error: trouble("item_not_found"),
  individual_not_found: trouble("individual_not_found"),
  benefit_not_found: trouble("benefit_not_found"),
  payment_not_found: trouble("payment_not_found"),
  enrollment_not_found: trouble("enrollment_not_found"),
  client_connection_closed: undecided("server_error"),
  unsupported_parameters: trouble("unsupported_parameters"),
  invalid_employee_enrollment: trouble("invalid_employee_enrollment"),
  rate_limit: undecided("rate_limited"),
  finch_api_ip_rl: undecided("rate_limited"),
  finch_auth_ip_rl: undecided("rate_limited"),
  upstream_rate_limit_exceeded: undecided("rate_limited"),
  server_error: undecided("server_error"),
  not_implemented_error: undecided("server_error"),
  bad_gateway: undecided("server_error"),
  data_sync_in_progress: undecided("unreadable"),
};

const aSession = {
  customerId: newCustomerId(),
  customerName: "Acme Inc.",
  customerEmail: null,
  products: ["company"],
  integration: null,
  minutesToExpire: 30,
  redirectUri,
  sandbox: undefined,
} as const;

describe("what Finch's errors mean", () => {
  it.each(errorKinds)("%s, to the exchange of a code", async (kind) => {
    const { client, trouble: next } = await startClient();
    next("/auth/token", kind);
    const ofItsOwn: Partial<Record<ErrorKind, unknown>> = {
      invalid_grant_error: { kind: "invalid_grant" },
      invalid_grant: { kind: "invalid_grant" },
    };
    const answer = await client.exchangeCode(secret("not-a-real-code"), redirectUri, 5_000);
    expect(answer).toEqual(ofItsOwn[kind] ?? meanings[kind]);
  });

  it.each(errorKinds)("%s, to an introspection", async (kind) => {
    const { client, trouble: next } = await startClient();
    next("/introspect", kind);
    const ofItsOwn: Partial<Record<ErrorKind, unknown>> = {
      reauthenticate_user: { kind: "reauthenticate_user" },
      account_setup_required: { kind: "account_setup_required" },
      invalid_token_error: { kind: "invalid_token" },
    };
    expect(await client.introspect(secret("not-a-real-token"))).toEqual(ofItsOwn[kind] ?? meanings[kind]);
  });

  it.each(errorKinds)("%s, to a new session", async (kind) => {
    const { client, trouble: next } = await startClient();
    next("/connect/sessions", kind);
    // What is wrong with the request is for the caller to read.
    const refused = /grant|bad_request|validation|unsupported|enrollment$/.test(kind);
    const answer = await client.createSession(aSession);
    expect(answer).toEqual(refused ? { kind: "refused", message: expect.any(String) } : meanings[kind]);
  });
});

describe("what Finch really refuses", () => {
  it("is a wrong client secret, everywhere: the platform's trouble", async () => {
    const { baseURL } = await startClient();
    const client = createClient(baseURL, "another-secret");
    const expected = trouble("invalid_client_error");
    expect(await client.exchangeCode(secret("x"), redirectUri, 5_000)).toEqual(expected);
    expect(await client.createSession(aSession)).toEqual(expected);
  });

  it("is a code that is unknown, used, or of another redirect address", async () => {
    const { client, connectForCode } = await startClient();
    const exchange = (code: string, to: string = redirectUri) => client.exchangeCode(secret(code), to, 5_000);
    const code = await connectForCode();
    expect(await exchange("unknown")).toEqual({ kind: "invalid_grant" });
    expect(await exchange(code, "https://app.example/other")).toEqual({ kind: "invalid_grant" });
    expect(await exchange(code)).toMatchObject({ kind: "granted" });
    expect(await exchange(code)).toEqual({ kind: "invalid_grant" });
  });

  it("is an access token of a connection that was disconnected", async () => {
    const { client, connectAndExchange, as } = await startClient();
    const { access_token: accessToken } = await connectAndExchange();
    await as(accessToken).account.disconnect();
    expect(await client.introspect(secret(accessToken))).toEqual({ kind: "invalid_token" });
  });

  it("is a session that breaks a rule, with Finch's reason", async () => {
    const { client } = await startClient();
    const answer = await client.createSession({ ...aSession, minutesToExpire: 0 });
    expect(answer).toEqual({ kind: "refused", message: expect.stringMatching(/\w+/) });
  });
});
