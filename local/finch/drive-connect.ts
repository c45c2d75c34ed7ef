/** Goes through the Connect pages as a person's browser would, by HTTP alone, up to the way back to the application. */
import {
  type Arrival,
  type Fetch,
  type Form,
  findForm,
  openPage,
  type Page,
  submitForm,
  wrongArrival,
} from "./browse.ts";

/** Who signs in where, and what is connected. */
export type ConnectLogin = {
  /** The provider to choose; of no effect when the session names one. */
  readonly provider: string;
  /** `good_user` unless told otherwise. Where the page asks for an API token only, there is no username. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Signs in with an API token instead; `good_token` where nothing else is offered. */
  readonly apiToken?: string | undefined;
  /** Left as the page fills it in, which is with the customer's name, when it is not given. */
  readonly company?: string | undefined;
  /** How many people work there; left empty when it is not given. */
  readonly people?: number | undefined;
  /** What is typed when the provider asks for a code. */
  readonly mfaCode?: string | undefined;
  /**
   * The entities to pick, by name, besides those that are connected already; as the page has it, when not given: all in
   * an ordinary session, none more in a reauthentication, the first (or the one that is connected) where one is allowed.
   */
  readonly entities?: readonly string[] | "all" | undefined;
};

/** A way through Connect. */
export type CompleteConnectOptions = ConnectLogin & {
  /** A Connect session's URL, with or without a `state`. */
  readonly connectUrl: string | URL;
  readonly fetch?: Fetch | undefined;
};

/**
 * Chooses the provider, signs in, picks the entities, and returns the callback URL with its `code` and `state`, which is
 * not followed.
 *
 * @throws when Connect does not send the browser back; the message holds the page's status, heading and problem.
 */
export const completeConnect = async (options: CompleteConnectOptions): Promise<URL> => {
  const arrival = await walkThrough(options);
  if ("callback" in arrival) return arrival.callback;
  throw wrongArrival("send the browser back", arrival);
};

/**
 * Reauthenticates with a login that cannot, and goes back without: the callback URL with
 * `error=employer_connection_error`.
 *
 * @throws when Connect lets the login reauthenticate, or refuses it for another reason.
 */
export const failReauthentication = async (options: CompleteConnectOptions): Promise<URL> => {
  const arrival = await walkThrough(options);
  const giveUp = "page" in arrival ? findForm(arrival.page, "give-up") : undefined;
  if (!giveUp) throw wrongArrival("refuse the reauthentication", arrival);
  giveUp.fields.set("action", "give_up");
  return getCallback(await submitForm(options.fetch ?? globalThis.fetch, giveUp));
};

/** Presses "Deny and close" and returns the callback URL with `error=access_denied`. Throws as `completeConnect`. */
export const denyConnect = async (connectUrl: string | URL, fetch: Fetch = globalThis.fetch): Promise<URL> =>
  getCallback(await leaveConnect(connectUrl, "deny", fetch));

/** Presses "Simulate an error" and returns the callback URL with `error=server_error`. Throws as `completeConnect`. */
export const failConnect = async (connectUrl: string | URL, fetch: Fetch = globalThis.fetch): Promise<URL> =>
  getCallback(await leaveConnect(connectUrl, "error", fetch));

/** Leaves Connect on its first page. */
export const leaveConnect = async (
  connectUrl: string | URL,
  action: "deny" | "error",
  fetch: Fetch,
): Promise<Arrival> => {
  const arrival = await openPage(fetch, new URL(connectUrl));
  const leave = "page" in arrival ? findForm(arrival.page, "leave") : undefined;
  if (!leave) throw wrongArrival("show a way out", arrival);
  leave.fields.set("action", action);
  return submitForm(fetch, leave);
};

/** Goes from page to page until there is no form to fill in any more, or a problem. */
export const walkThrough = async (options: CompleteConnectOptions): Promise<Arrival> => {
  const fetch = options.fetch ?? globalThis.fetch;
  let arrival = await openPage(fetch, new URL(options.connectUrl));
  while ("page" in arrival && arrival.page.problem === "") {
    const form = fillIn(arrival.page, options);
    if (!form) break;
    arrival = await submitForm(fetch, form);
  }
  return arrival;
};

const getCallback = (arrival: Arrival): URL => {
  if ("callback" in arrival) return arrival.callback;
  throw wrongArrival("send the browser back", arrival);
};

/** Fills in the form that this page is about; undefined when it shows none. */
const fillIn = (page: Page, login: ConnectLogin): Form | undefined => {
  const choice = findForm(page, "choose-provider");
  if (choice) return withFields(choice, { provider: login.provider });
  const mfa = findForm(page, "mfa");
  if (mfa) return withFields(mfa, { mfa_code: login.mfaCode ?? "123456" });
  const picker = findForm(page, "choose-entities");
  if (picker) return pick(picker, login.entities);
  return fillInSignIn(page, login);
};

const fillInSignIn = (page: Page, login: ConnectLogin): Form | undefined => {
  const { username, password = "good_pass", apiToken, company, people } = login;
  const [person, token] = [findForm(page, "sign-in"), findForm(page, "api-token")];
  const place = { ...(company !== undefined && { company }), ...(people !== undefined && { people: String(people) }) };
  if (apiToken === undefined && person) {
    return withFields(person, { username: username ?? "good_user", password, ...place });
  }
  if (!token) return undefined;
  if (apiToken === undefined && username !== undefined) {
    throw new Error("Finch Connect asks for an API token here, and for no username");
  }
  return withFields(token, { api_token: apiToken ?? "good_token", ...place });
};

const withFields = (form: Form, values: Readonly<Record<string, string>>): Form => {
  for (const [name, value] of Object.entries(values)) form.fields.set(name, value);
  return form;
};

const pick = (form: Form, entities: ConnectLogin["entities"]): Form => {
  if (entities === undefined) return form;
  const offered = form.choices["entity"] ?? [];
  const unknown = entities === "all" ? undefined : entities.find((name) => !offered.includes(name));
  if (unknown !== undefined) throw new Error(`Finch Connect offers ${offered.join(", ")}, and no entity "${unknown}"`);
  form.fields.delete("entity");
  for (const name of entities === "all" ? offered : entities) form.fields.append("entity", name);
  return form;
};
