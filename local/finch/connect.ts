/** Finch Connect: what happens at `connect_url`, until the browser or the page around it gets a code or an error. */
import { providerPage, type SignInForms, signInPage } from "./connect-page.ts";
import { isPeopleCount } from "./entity-data.ts";
import type { Reply, Routes } from "./http.ts";
import type { Credentials } from "./logins.ts";
import { isExpired, type PendingSignIn, type Session, type Simulation } from "./model.ts";
import { messagePage, type Problem, type Run } from "./page-frame.ts";
import { findProvider, type Provider, providers } from "./providers.ts";
import {
  enterMfaCode,
  entityChoice,
  findPending,
  pickEntities,
  type SignInRefusal,
  type SignInStep,
  signIn,
} from "./sign-in.ts";
import { entityPage, mfaPage, reauthenticationFailedPage } from "./sign-in-page.ts";
import { goBack } from "./way-back.ts";

/** The routes of the Connect pages. */
export const createConnectRoutes = (simulation: Simulation): Routes => ({
  "GET /authorize": (call) => withRun(simulation, call.query, (at) => showStep(at, call.query)),
  "POST /authorize": (call) => {
    const form = new URLSearchParams(call.body);
    return withRun(simulation, form, (at) => takeAction(at, form));
  },
});

/** Where a person is. */
type At = { readonly simulation: Simulation; readonly run: Run; readonly session: Session };

const longestState = 2048;

const toProblem = (refusal: SignInRefusal): Problem => {
  switch (refusal.refused) {
    case "wrong_credentials":
      return { status: 422, text: "The username or password is wrong. Please try again." };
    case "wrong_mfa_code":
      return { status: 422, text: "The code is wrong. Please enter the six digits." };
    case "no_such_entities":
      return { status: 422, text: "Choose what to connect from the list." };
    case "connection_ended":
      return { status: 409, text: "This connection was disconnected. Ask for a new link to connect again." };
    case "other_company":
      return { status: 422, text: "This login does not see the company that is connected. Sign in to that company." };
    case "other_entity":
      return { status: 422, text: "Another entity is connected. Choose that one." };
    case "missing_entities":
      return { status: 422, text: `This login does not see all that is connected: ${refusal.names.join(", ")}.` };
  }
};

/** Finds the session that the fields name; a person whose link is of no use is told what to do, and stays here. */
const withRun = (simulation: Simulation, fields: URLSearchParams, respond: (at: At) => Reply): Reply => {
  const { state, now } = simulation;
  const [sessionId = "", ...moreSessions] = fields.getAll("session");
  const [echoed = null, ...moreStates] = fields.getAll("state");
  const [hostUrl, ...moreHosts] = fields.getAll("sdk_host_url");
  const host = hostUrl === undefined ? null : originOf(hostUrl);
  const isTwice = moreSessions.length + moreStates.length + moreHosts.length > 0;
  if (isTwice || host === undefined || (echoed?.length ?? 0) > longestState) {
    return messagePage(400, "This link is malformed", "Go back to the application that sent you here and try again.");
  }
  const session = state.sessions.get(sessionId);
  if (!session) {
    return messagePage(404, "This link is unknown", "Ask the application that sent you here for a new link.");
  }
  if (isExpired(session, now())) {
    return messagePage(410, "This link has expired", "Ask the application that sent you here for a new link.");
  }
  return respond({ simulation, session, run: { session: session.id, state: echoed, host } });
};

const originOf = (url: string): string | undefined => {
  const { protocol, origin } = URL.parse(url) ?? {};
  return protocol === "https:" || protocol === "http:" ? origin : undefined;
};

const showStep = (at: At, fields: URLSearchParams): Reply => {
  const provider = providerOf(at.session, fields.get("provider"));
  return provider ? signInPage(at.run, signInForms(at, provider)) : chooseProvider(at);
};

const chooseProvider = ({ run, session }: At): Reply =>
  providerPage(run, session.customer.name ?? "your company", providers);

const takeAction = (at: At, form: URLSearchParams): Reply => {
  const { session, run } = at;
  switch (form.get("action")) {
    case "sign_in":
      return trySignIn(at, form);
    case "enter_mfa_code":
      return withPending(at, form, (pending) => {
        const step = enterMfaCode(at.simulation, session, pending, form.get("mfa_code") ?? "");
        return showNext(at, step, (problem) => mfaPage(run, pending.id, problem));
      });
    case "pick_entities":
      return withPending(at, form, (pending) => {
        const step = pickEntities(at.simulation, session, pending, form.getAll("entity"));
        const choice = () => entityChoice(at.simulation, session, pending.login);
        return showNext(at, step, (problem) => entityPage(run, pending.id, choice(), problem));
      });
    case "give_up": {
      const text = "The employer could not reauthenticate everything that is connected";
      return goBack(session, run, { kind: "error", error: "employer_connection_error", text });
    }
    case "deny":
      return goBack(session, run, { kind: "closed" });
    case "error":
      return goBack(session, run, {
        kind: "error",
        error: "server_error",
        text: "Finch Connect met a simulated error",
      });
    default:
      return messagePage(400, "This form is malformed", "Open the link again.");
  }
};

const trySignIn = (at: At, form: URLSearchParams): Reply => {
  const { simulation, session, run } = at;
  const provider = providerOf(session, form.get("provider"));
  if (!provider) return chooseProvider(at);
  const forms = signInForms(at, provider);
  const username = form.get("username") ?? "";
  const company = form.get("company")?.trim().slice(0, 255) || forms.company;
  const apiToken = form.get("api_token");
  const credentials: Credentials =
    apiToken === null ? { username, password: form.get("password") ?? "" } : { apiToken };
  const isOffered = apiToken === null ? forms.offers.password : forms.offers.apiToken;
  const authMethod = apiToken === null ? passwordMethodOf(session, provider) : "api_token";
  const step: SignInStep = isOffered
    ? signIn(simulation, session, { provider, company, authMethod, credentials, people: readPeople(form) })
    : { refused: "wrong_credentials" };
  return showNext(at, step, (problem) => signInPage(run, { ...forms, username, company }, problem));
};

const readPeople = (form: URLSearchParams): number | undefined => {
  const people = Number(form.get("people"));
  return isPeopleCount(people) ? people : undefined;
};

/** A person who mistyped stays on the page; one who cannot reauthenticate is told so on a page of its own. */
const showNext = (at: At, step: SignInStep, stay: (problem: Problem) => Reply): Reply => {
  const { simulation, session, run } = at;
  if ("authorizationCode" in step) return goBack(session, run, { kind: "success", ...step });
  if ("pending" in step) {
    const { id, waitsFor, login } = step.pending;
    return waitsFor === "mfa_code" ? mfaPage(run, id) : entityPage(run, id, entityChoice(simulation, session, login));
  }
  const retryable = ["wrong_credentials", "wrong_mfa_code", "no_such_entities"].includes(step.refused);
  return retryable ? stay(toProblem(step)) : reauthenticationFailedPage(run, toProblem(step));
};

const withPending = (at: At, form: URLSearchParams, respond: (pending: PendingSignIn) => Reply): Reply => {
  const pending = findPending(at.simulation, at.session, form.get("pending") ?? "");
  return pending ? respond(pending) : messagePage(410, "This sign-in has expired", "Open the link again.");
};

/** The provider that a session is bound to, else the one that the person chose, else undefined. */
const providerOf = (session: Session, chosen: string | null): Provider | undefined => {
  const id = session.provider ?? chosen;
  return id === null ? undefined : findProvider(id);
};

const signInForms = ({ simulation, session }: At, provider: Provider): SignInForms => {
  const kept = session.connectionId === null ? undefined : simulation.state.connections.get(session.connectionId);
  const methods = session.authMethod ? [session.authMethod] : provider.authentication_methods.map(({ type }) => type);
  return {
    provider,
    username: "",
    company: kept?.companyName ?? session.customer.name ?? "",
    offers: { password: methods.some((type) => type !== "api_token"), apiToken: methods.includes("api_token") },
  };
};

const passwordMethodOf = (session: Session, provider: Provider) =>
  session.authMethod ??
  provider.authentication_methods.map(({ type }) => type).find((type) => type !== "api_token") ??
  "credential";
