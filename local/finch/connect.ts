/** Finch Connect: what happens at `connect_url`, until the browser is sent back with a code or an error. */
import { messagePage, providerPage, type Run, signInPage } from "./connect-page.ts";
import { type Reply, type Routes, redirectReply } from "./http.ts";
import { isExpired, type Session, type Simulation } from "./model.ts";
import { findProvider, providers } from "./providers.ts";
import { providerOf, type SignInRefusal, signIn } from "./sign-in.ts";

/** The routes of the Connect pages. */
export const createConnectRoutes = (simulation: Simulation): Routes => ({
  "GET /authorize": (call) => withRun(simulation, call.query, (run, session) => showStep(run, session, call.query)),
  "POST /authorize": (call) => {
    const form = new URLSearchParams(call.body);
    return withRun(simulation, form, (run, session) => takeAction(simulation, run, session, form));
  },
});

const longestState = 2048;

const refusals: Readonly<Record<SignInRefusal, { readonly status: number; readonly text: string }>> = {
  wrong_credentials: { status: 422, text: "The username or password is wrong. Please try again." },
  other_company: {
    status: 422,
    text: "This login does not see the company that is connected. Sign in to the company that you connected before.",
  },
  connection_ended: { status: 409, text: "This connection was disconnected. Ask for a new link to connect again." },
};

/** Finds the session that the fields name; a person whose link is of no use is told what to do, and stays here. */
const withRun = (
  { state, now }: Simulation,
  fields: URLSearchParams,
  respond: (run: Run, session: Session) => Reply,
): Reply => {
  const [sessionId = "", ...moreSessions] = fields.getAll("session");
  const [echoed = null, ...moreStates] = fields.getAll("state");
  if (moreSessions.length > 0 || moreStates.length > 0 || (echoed?.length ?? 0) > longestState) {
    return messagePage(400, "This link is malformed", "Go back to the application that sent you here and try again.");
  }
  const session = state.sessions.get(sessionId);
  if (!session) {
    return messagePage(404, "This link is unknown", "Ask the application that sent you here for a new link.");
  }
  if (isExpired(session, now())) {
    return messagePage(410, "This link has expired", "Ask the application that sent you here for a new link.");
  }
  return respond({ session: session.id, state: echoed }, session);
};

const showStep = (run: Run, session: Session, fields: URLSearchParams): Reply => {
  const provider = providerOf(session, fields.get("provider"));
  if (!provider) return providerPage(run, session.customer.name, providers);
  return signInPage(run, provider, { username: "", company: session.customer.name });
};

const takeAction = (simulation: Simulation, run: Run, session: Session, form: URLSearchParams): Reply => {
  switch (form.get("action")) {
    case "sign_in":
      return trySignIn(simulation, run, session, form);
    case "deny":
      return goBack(session, run, {
        error: "access_denied",
        error_description: "The employer closed Finch Connect without connecting",
      });
    case "error":
      return goBack(session, run, { error: "server_error", error_description: "Finch Connect met a simulated error" });
    default:
      return messagePage(400, "This form is malformed", "Open the link again.");
  }
};

const trySignIn = (simulation: Simulation, run: Run, session: Session, form: URLSearchParams): Reply => {
  const provider = session.provider ? findProvider(session.provider) : providerOf(session, form.get("provider"));
  if (!provider) return providerPage(run, session.customer.name, providers);
  const username = form.get("username") ?? "";
  const company = form.get("company")?.trim().slice(0, 255) || session.customer.name;
  const result = signIn(simulation, session, { provider, username, password: form.get("password") ?? "", company });
  return "refused" in result
    ? signInPage(run, provider, { username, company }, refusals[result.refused])
    : goBack(session, run, { code: result.authorizationCode });
};

/** Sends the browser back; `state` returns as it came. */
const goBack = (session: Session, { state }: Run, answer: Readonly<Record<string, string>>): Reply => {
  if (session.redirectUri === null) {
    const text = "This session is embedded in a page of the application, which the simulator does not act out yet.";
    return messagePage(200, "Back to the application", text);
  }
  const location = new URL(session.redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  if (state !== null) location.searchParams.set("state", state);
  return redirectReply(location.href);
};
