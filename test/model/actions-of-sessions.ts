/** Ways into Perch: a code that comes back from Connect, and a token that the platform brings. */
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { CustomerId, SessionId } from "#shared/connection/identifiers.ts";
import { importConnection } from "#shared/connection/import-connection.ts";
import { secret } from "#shared/secret.ts";
import { type Action, unchanged } from "./action.ts";
import type { Outcome } from "./compare.ts";
import type { FinchToken } from "./finch.ts";
import { shown } from "./finch.ts";
import { entitiesAfter } from "./looks.ts";
import { claimOf, hasToken, type Model, type ModelSession } from "./model.ts";
import type { Perch } from "./perch.ts";

export const cookie = "cookie-of-the-browser";
/** The life of the function that exchanges codes. */
const exchangeLifeMs = 7 * 60_000;

/** The outcome of a token that arrives for this session. */
const arrival = (model: Model, sessionId: string, session: ModelSession, token: FinchToken): Outcome => {
  const { end, connection } = claimOf(model, session, token);
  return {
    connections: { [token.connectionId]: connection ?? model.connections.get(token.connectionId) },
    sessions: { [sessionId]: { ...session, state: end } },
  };
};

/** A browser, or a backend, brings the code of a session: once, or again. */
export const bringCode = (sessionId: string): Action => {
  const knownOf = (model: Model) => {
    const session = model.sessions.get(sessionId);
    const browser = model.browsers.get(sessionId);
    if (browser === undefined) throw new Error("there is no code");
    return { session, browser };
  };
  let given: { readonly code: string; readonly state: string; readonly holder: object } | undefined;
  return {
    label: `the code of ${sessionId} is brought`,
    lifeMs: exchangeLifeMs,

    predict(model, perch) {
      const { session, browser } = knownOf(model);
      const { code, state } = browser;
      // Erased with its customer: it is void, also for a customer of the same id.
      if (session === undefined) {
        given = { code, state, holder: { cookie } };
        return { right: [{}], faulty: [] };
      }
      given = {
        code,
        state,
        holder: browser.mode === "redirect" ? { cookie } : { embeddedFor: session.customerId },
      };
      const stays = { right: [unchanged(model, { session: sessionId })], faulty: [] };
      const stored = perch.memory.sessions.get(sessionId as SessionId);
      const isAgain = session.state === "exchanging";
      if (isAgain && leaseOf(perch, sessionId) > perch.now()) return stays;
      if (!isAgain && (session.state !== "open" || (stored?.expiresAt ?? perch.now()) <= perch.now())) return stays;
      const granted = perch.finch.findGrant(code);
      const token = granted && model.goneAtFinch.has(granted.text) ? undefined : granted;
      const ends = (state: string): Outcome => ({ sessions: { [sessionId]: { ...session, state } } });
      const waits: Outcome = {
        ...ends("exchanging"),
        ...(token && unchanged(model, { connection: token.connectionId })),
      };
      const right = () => {
        const trouble = perch.finch.trouble();
        if (trouble?.kind === "undecided") return waits;
        if (trouble !== undefined) return ends("failed finch_refused");
        if (token === undefined) return ends(isAgain ? "failed token_lost" : "failed invalid_grant");
        return arrival(model, sessionId, session, token);
      };
      const before: Outcome = { ...waits, ...unchanged(model, { session: sessionId }) };
      // It is being ended: Finch may have done so before it was asked for the token.
      const isEnding =
        token !== undefined &&
        (model.connections.get(token.connectionId)?.ending != null || model.tombstones.has(token.connectionId));
      const meeting = isEnding ? [{ ...waits, ...ends("failed invalid_grant") }] : [];
      return { right: [right()], faulty: [before, waits], meeting };
    },

    act: (ports) =>
      exchangeAuthorizationCode(ports)(
        {
          state: given?.state ?? "",
          code: secret(given?.code ?? ""),
          holder: (given?.holder ?? { cookie }) as { cookie: string },
        },
        new Date(ports.now().getTime() + exchangeLifeMs),
      ),

    // Finch gave the token, or the code became too old, and nobody has got it.
    hindsight(model, perch) {
      const { session, browser } = knownOf(model);
      if (session === undefined || perch.finch.findGrant(browser.code) !== undefined) return [];
      const reasons = perch.finch.wasUsed(browser.code) ? ["token_lost"] : ["token_lost", "invalid_grant"];
      return reasons.map((reason) => ({ sessions: { [sessionId]: { ...session, state: `failed ${reason}` } } }));
    },
  };
};

/** The platform brings a token that it has. It is kept only where it comes into use at once. */
export const bringToken = (customerId: string, text: string): Action => ({
  label: `${customerId} imports ${shown(text)}`,

  predict(model, perch) {
    const token = perch.finch.tokens.get(text);
    const customer = model.customers.get(customerId);
    if (token === undefined) throw new Error("there is no such token");
    const stays = unchanged(model, { connection: token.connectionId });
    if (
      customer === undefined ||
      customer.isDeleting ||
      perch.finch.trouble() !== undefined ||
      !perch.finch.isUsable(token, model.goneAtFinch)
    ) {
      return { right: [stays], faulty: [] };
    }
    const { life } = customer;
    const asked = { customerId, life, reauthenticates: null, requireAcceptance: false, state: "" };
    const said = perch.finch.describe(token, model.goneAtFinch);
    // Asked first, Finch names what the token opens now.
    const live = said.entities.filter((each) => each.status !== "disconnected").map(({ id }) => id);
    const { end, connection } = claimOf(model, asked, { ...token, entityIds: live });
    const isKept = end.startsWith("completed") && connection?.held === null;
    const there = model.connections.get(token.connectionId);
    if (!isKept || (there !== undefined && hasToken(there, text))) return { right: [stays], faulty: [] };
    const entities = entitiesAfter(connection.entities, connection.tokens, [said]);
    const kept = { connections: { [token.connectionId]: { ...connection, status: said.status, entities } } };
    return { right: [kept], faulty: [stays] };
  },

  act: (ports) => importConnection(ports)(customerId as CustomerId, secret(text)),
});

/** What the sweep must do to a session whose process cannot live any more. */
export const isOverdue = (model: Model, perch: Perch, sessionId: string): boolean =>
  model.sessions.get(sessionId)?.state === "exchanging" &&
  leaseOf(perch, sessionId).getTime() + 60_000 <= perch.now().getTime();

/** Until when the process that exchanges a session's code may live. */
const leaseOf = ({ memory }: Perch, sessionId: string): Date =>
  memory.sessions.get(sessionId as SessionId)?.exchange?.leaseUntil ?? new Date(0);
