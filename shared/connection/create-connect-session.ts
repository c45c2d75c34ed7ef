import { ok, type Result, refuse } from "../result.ts";
import { createCapability } from "./capability.ts";
import type { ConnectSession } from "./connect-session.ts";
import type { CustomerId, SessionId } from "./identifiers.ts";
import type { CustomerStore, Finch, NewFinchSession, NewSessionAnswer, SessionStore, Surroundings } from "./ports.ts";

export interface CreateConnectSessionDependencies extends Surroundings {
  readonly customers: Pick<CustomerStore, "find">;
  readonly sessions: Pick<SessionStore, "create">;
  readonly finch: Pick<Finch, "createSession">;
  /** Where browsers reach this deployment. */
  readonly publicUrl: string;
  readonly redirectUri: string;
  readonly returnOrigins: readonly string[];
}

/** What the platform asks for. */
export interface ConnectSessionRequest {
  readonly customerId: CustomerId;
  readonly products: readonly string[];
  readonly integration: ConnectSession["integration"];
  readonly returnUrl: string | null;
  readonly minutesToExpire: number;
  readonly sandbox: NewFinchSession["sandbox"];
}

export type CreateSessionRefusal =
  | { readonly reason: "customer_unknown" }
  | { readonly reason: "return_url_not_allowed"; readonly origins: readonly string[] }
  | { readonly reason: "connection_limit" }
  | { readonly reason: "finch"; readonly answer: Exclude<NewSessionAnswer, { kind: "created" }> };

/** Creates the use case: a Connect session at Finch, remembered here, and the one link that leads to it. */
export const createConnectSession =
  (deps: CreateConnectSessionDependencies) =>
  async (
    request: ConnectSessionRequest,
  ): Promise<Result<{ readonly session: ConnectSession; readonly connectUrl: string }, CreateSessionRefusal>> => {
    const { customerId, returnUrl } = request;
    // The exact origin, as the URL standard reads it: what a browser would go to, not what the text looks like.
    if (returnUrl !== null && !deps.returnOrigins.includes(URL.parse(returnUrl)?.origin ?? "")) {
      return refuse({ reason: "return_url_not_allowed", origins: deps.returnOrigins });
    }
    const customer = await deps.customers.find(customerId);
    if (customer === undefined) return refuse({ reason: "customer_unknown" });
    // A courtesy: the claim's own condition is what keeps a customer of mode `single` at one connection.
    if (customer.mode === "single" && customer.connectionCount > 0) return refuse({ reason: "connection_limit" });
    const answer = await deps.finch.createSession({
      ...request,
      customerName: customer.name,
      customerEmail: customer.email,
      redirectUri: deps.redirectUri,
    });
    if (answer.kind !== "created") return refuse({ reason: "finch", answer });

    const now = deps.now();
    const ticket = createCapability(deps.newId() as SessionId, deps.randomBytes(32));
    const session: ConnectSession = {
      sessionId: ticket.sessionId,
      customerId,
      incarnation: customer.incarnation,
      status: "open",
      mode: "redirect",
      products: request.products,
      integration: request.integration,
      returnUrl,
      ticketHash: ticket.hash,
      finchConnectUrl: answer.connectUrl,
      openings: [],
      exchange: null,
      outcome: null,
      failureReason: null,
      connectionId: null,
      tokenId: null,
      createdAt: now,
      expiresAt: new Date(now.getTime() + request.minutesToExpire * 60_000),
      endedAt: null,
      version: 1,
    };
    await deps.sessions.create(session);
    return ok({ session, connectUrl: `${deps.publicUrl}/connect/${ticket.text}` });
  };
