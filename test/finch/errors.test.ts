import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { errorKinds } from "../../local/finch/errors.ts";
import { failureOf, startFinch } from "./support.ts";

const tokenPath = "/auth/token";

describe("queued errors", () => {
  it("have the status and body that Finch documents, each of them", async () => {
    const { control, baseURL } = await startFinch();
    const seen = [];
    for (const kind of errorKinds) {
      expect((await control("POST", "faults", { path: "/introspect", kind })).status).toBe(200);
      const response = await fetch(`${baseURL}/introspect`);
      const body = (await response.json()) as { name: string; finch_code?: string; message: string };
      expect(body).toMatchObject({ code: response.status, statusCode: response.status, status: response.status });
      expect(body.message).not.toBe("");
      seen.push(`${response.status} ${body.name} ${body.finch_code ?? "-"}`);
    }
    expect(seen.sort()).toMatchInlineSnapshot(`
      [
        "202 accepted data_sync_in_progress",
        "400 bad_request invalid_request",
        "400 invalid_grant -",
        "400 invalid_grant_error -",
        "400 validation_error -",
        "401 authentication_error account_setup_required",
        "401 authentication_error reauthenticate_user",
        "401 invalid_client_error -",
        "401 invalid_request_error -",
        "401 invalid_token_error -",
        "401 unauthorized_request_error -",
        "402 payment_required payment_required",
        "403 error_permissions insufficient_account_permissions",
        "403 insufficient_scope_error -",
        "404 bad_request enrollment_not_found",
        "404 not_found_error benefit_not_found",
        "404 not_found_error individual_not_found",
        "404 not_found_error item_not_found",
        "404 not_found_error payment_not_found",
        "408 client_connection_closed -",
        "422 unprocessable_request_error invalid_employee_enrollment",
        "422 unprocessable_request_error unsupported_parameters",
        "429 rate_limit_exceeded_error finch_api_ip_rl",
        "429 rate_limit_exceeded_error finch_application_rl",
        "429 rate_limit_exceeded_error finch_auth_ip_rl",
        "429 rate_limit_exceeded_error upstream_rate_limit_exceeded",
        "500 server_error -",
        "501 not_implemented_error -",
        "502 bad_gateway_error upstream_provider_error",
      ]
    `);
  });

  it.each([
    ["invalid_grant_error", Finch.BadRequestError, 400],
    ["reauthenticate_user", Finch.AuthenticationError, 401],
    ["insufficient_scope_error", Finch.PermissionDeniedError, 403],
    ["not_found_error", Finch.NotFoundError, 404],
    ["rate_limit", Finch.RateLimitError, 429],
    ["server_error", Finch.InternalServerError, 500],
    ["bad_gateway", Finch.InternalServerError, 502],
  ])("%s is the SDK's own error class", async (kind, errorClass, status) => {
    const { control, as, connectAndExchange } = await startFinch();
    const { access_token: accessToken } = await connectAndExchange();
    await control("POST", "faults", { path: "/introspect", kind });
    const error = await failureOf(as(accessToken).account.introspect());
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status });
    await expect(as(accessToken).account.introspect()).resolves.toBeTruthy();
  });

  it("may be named as Finch names them, and have no effect on the code", async () => {
    const { control, connectForCode, exchange } = await startFinch();
    await control("POST", "faults", [
      { path: tokenPath, kind: "finch_application_rl" },
      { path: tokenPath, kind: "bad_gateway_error" },
    ]);
    const code = await connectForCode();
    expect(await failureOf(exchange(code))).toMatchObject({ status: 429 });
    expect(await failureOf(exchange(code))).toMatchObject({ status: 502 });
    await expect(exchange(code)).resolves.toBeTruthy();
  });
});
