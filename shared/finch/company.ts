import type { Company, ReadCompany } from "../employer/ports.ts";
import { secret } from "../secret.ts";
import { isError, readFailure } from "./answers.ts";
import type { SendToFinch } from "./request.ts";

const timeoutMs = 60_000;
const longestText = 300;

/** Reads companies at Finch. Needs the token only. Finch reads some providers live, which takes its time. */
export const readCompanyWith =
  (send: SendToFinch): ReadCompany =>
  async (accessToken, entityId) => {
    const query = entityId === null ? "" : `?entity_ids[]=${encodeURIComponent(entityId)}`;
    const answer = await send({
      method: "GET",
      path: `/employer/company${query}`,
      authorization: secret(`Bearer ${accessToken.reveal()}`),
      timeoutMs,
    });
    if (answer.kind === "undecided") return answer;
    const { status, body } = answer;
    // The accepted-object of a 202 has the status in its body, too: never taken for a company without a name.
    if (status === 202) return { kind: "not_ready" };
    if (status === 200) return body ? { kind: "company", company: readCompany(body) } : readFailure(answer);
    if (status === 501) return { kind: "not_supported" };
    if (status === 403) return { kind: isError(body, "insufficient_scope_error") ? "not_granted" : "not_permitted" };
    const needsCustomer = isError(body, "reauthenticate_user", "account_setup_required", "invalid_token_error");
    return status === 401 && needsCustomer ? { kind: "needs_customer" } : readFailure(answer);
  };

/** What is kept of a company; of its EIN (such as `12-3456789`) the last four digits. */
const readCompany = (body: Readonly<Record<string, unknown>>): Company => {
  const entity: Readonly<Record<string, unknown>> = Object(body["entity"] ?? {});
  const digits = String(body["ein"] ?? "").replace(/\D/g, "");
  return {
    legalName: text(body["legal_name"]),
    entityType: text(entity["type"]),
    entitySubtype: text(entity["subtype"]),
    einLastFour: digits.length >= 4 ? digits.slice(-4) : null,
  };
};

const text = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value.slice(0, longestText).toWellFormed() : null;
