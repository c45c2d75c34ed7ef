import { operation } from "#generated/operations/create-page-session.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { type ProblemDetails, problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import {
  type CreatePageSessionDependencies,
  type CreatePageSessionRefusal,
  createPageSession,
} from "#shared/page/create-page-session.ts";

export interface CreatePageSessionHandlerDependencies extends CreatePageSessionDependencies {
  readonly log: Log;
  readonly audit: Pick<AuditStore, "record">;
  /** Where browsers reach this deployment. */
  readonly publicUrl: string;
}

/** POST /v1/customers/{customer_id}/page-sessions */
export const createHandler = ({ log, audit, publicUrl, ...deps }: CreatePageSessionHandlerDependencies) => {
  const create = createPageSession(deps);

  return endpoint(operation, log, async ({ path, body, note, caller, requestId }) => {
    const customerId = path.customer_id as CustomerId;
    const created = await create({
      customerId,
      returnUrl: body.return_url ?? null,
      language: body.language ?? null,
      linkMinutes: body.link_minutes,
    });
    if (!created.ok) {
      note({ reason: created.refusal.reason });
      return refuse(created.refusal);
    }
    const { session, linkSecret } = created.value;
    note({ page_session_id: session.pageSessionId });
    const act = { customerId, action: "page_session_created", at: session.createdAt } as const;
    await audit.record(entryOf(deps, { caller, requestId }, act));
    const url = new URL("/page", publicUrl);
    if (session.language !== null) url.searchParams.set("lang", session.language);
    // Browsers keep a fragment to themselves: it is in no log, and in no Referer.
    url.hash = linkSecret;
    return json(201, {
      page_session_id: session.pageSessionId,
      url: url.href,
      expires_at: session.linkExpiresAt.toISOString(),
    });
  });
};

const refuse = (refusal: CreatePageSessionRefusal): Reply => {
  switch (refusal.reason) {
    case "customer_unknown":
      return problem("not_found");
    case "customer_deleting":
      return problem("customer_deleting");
    case "return_url_not_allowed":
      return problem("return_url_not_allowed", oneOf("body.return_url", "have one of the origins", refusal.origins));
    case "language_unknown":
      return problem("invalid_request", oneOf("body.language", "be one of the stage's languages", refusal.languages));
  }
};

const oneOf = (field: string, must: string, choices: readonly string[]): ProblemDetails => ({
  errors: [{ field, message: `must ${must} ${choices.join(", ")}` }],
});
