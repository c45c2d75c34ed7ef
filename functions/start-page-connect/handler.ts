import { operation as reconnect } from "#generated/operations/reconnect-page.js";
import { operation as start } from "#generated/operations/start-page-connect.js";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import {
  type CreateConnectSessionDependencies,
  type CreatedSession,
  type CreateReauthenticateSessionDependencies,
  type CreateSessionRefusal,
  createConnectSession,
  createReauthenticateSession,
} from "#shared/connection/create-connect-session.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { byOperation } from "#shared/http/by-operation.ts";
import type { ValidRequest } from "#shared/http/operation.ts";
import { pageConnectBody } from "#shared/http/page-bodies.ts";
import { type PageEndpointDependencies, pageCaller, pageEndpoint } from "#shared/http/page-endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import { createSessionProblem } from "#shared/http/session-problem.ts";
import type { Visitor } from "#shared/page/enter-page.ts";
import type { Result } from "#shared/result.ts";

export interface StartPageConnectDependencies
  extends PageEndpointDependencies,
    Omit<CreateConnectSessionDependencies, "finch" | "returnOrigins">,
    Pick<CreateReauthenticateSessionDependencies, "connections"> {
  readonly finch: CreateConnectSessionDependencies["finch"] & CreateReauthenticateSessionDependencies["finch"];
  /** What the stage says of the page's Connect sessions. */
  readonly mode: ConnectSession["mode"];
  readonly products: readonly string[];
}

/** A page stays open for less than that without use. */
const minutesToExpire = 60;

/** POST /page/connect-sessions, and /page/connections/{connection_id}/reauthenticate-sessions: what leads to Connect, and back. */
export const createHandler = ({ log, enter, publicUrl, mode, products, ...deps }: StartPageConnectDependencies) => {
  const page = { log, enter, publicUrl };
  // The page itself is the only place to come back to.
  const own = { ...deps, publicUrl, returnOrigins: [publicUrl] };
  const create = createConnectSession(own);
  const reauthenticate = createReauthenticateSession(own);
  const asked = ({ session, customer }: Visitor, requestId: string) => ({
    by: { caller: pageCaller(session), requestId },
    ...{ customerId: customer.customerId, pageSession: session.pageSessionId },
    ...{ mode, minutesToExpire, returnUrl: mode === "redirect" ? `${publicUrl}/page` : null },
  });

  return byOperation(
    [
      start,
      pageEndpoint(start, page, async ({ visitor, body, requestId, note }) => {
        const integration = body.provider_id === undefined ? null : { provider: body.provider_id, authMethod: null };
        const more = { products, integration, requireAcceptance: false, sandbox: undefined };
        return answer(await create({ ...asked(visitor, requestId), ...more }), note, body.provider_id);
      }),
    ],
    [
      reconnect,
      pageEndpoint(reconnect, page, async ({ visitor, path, requestId, note }) => {
        const connectionId = path.connection_id as ConnectionId;
        const connection = await deps.connections.find(visitor.customer.customerId, connectionId);
        // The platform has yet to say whether it is the customer's.
        if (connection !== undefined && connection.heldReason !== null) return problem("connection_held");
        return answer(await reauthenticate({ ...asked(visitor, requestId), connectionId, products: null }), note);
      }),
    ],
  );
};

const answer = (
  created: Result<CreatedSession, CreateSessionRefusal>,
  note: ValidRequest<unknown, unknown, unknown>["note"],
  provider?: string,
): Reply => {
  if (created.ok) {
    note({ session_id: created.value.session.sessionId });
    return json(201, pageConnectBody(created.value));
  }
  const { refusal } = created;
  note({ reason: refusal.reason });
  if (provider !== undefined && refusal.reason === "finch" && refusal.answer.kind === "refused") {
    // All but the provider is the stage's, with which sessions without one begin.
    const message = "must be a provider that Finch can connect";
    return problem("invalid_request", { errors: [{ field: "body.provider_id", message }] });
  }
  // What Finch has against the stage's request or the application is for the platform.
  const isRefusedByFinch = refusal.reason === "finch" && refusal.answer.kind !== "undecided";
  return isRefusedByFinch ? problem("finch_refused") : createSessionProblem(refusal);
};
