/** The first pages of the simulated Finch Connect: which provider, and who signs in there. */
import { type Html, html } from "./html.ts";
import type { Reply } from "./http.ts";
import { alert, carried, hidden, leave, type Problem, page, type Run } from "./page-frame.ts";
import type { Provider } from "./providers.ts";

/** Step 1: which provider? */
export const providerPage = (run: Run, customerName: string, providers: readonly Provider[]): Reply =>
  page(
    200,
    "Choose your provider",
    html`<p>Which HR or payroll system does ${customerName} use?</p>
<form id="choose-provider" action="/authorize" method="get">
${carried(run)}
${providers.map(({ id, display_name: name }) => html`<button name="provider" value="${id}">${name}</button>`)}
</form>
${leave(run)}`,
  );

/** What the sign-in page shows. */
export type SignInForms = {
  readonly provider: Provider;
  readonly username: string;
  readonly company: string;
  /** Which forms there are: for a username and password, for an API token, or for both. */
  readonly offers: { readonly password: boolean; readonly apiToken: boolean };
};

/** Step 2: sign in, with a password or an API token. */
export const signInPage = (run: Run, forms: SignInForms, problem?: Problem): Reply => {
  const { provider, offers } = forms;
  return page(
    problem?.status ?? 200,
    `Sign in to ${provider.display_name}`,
    html`${alert(problem)}
${offers.password ? passwordForm(run, forms) : html``}
${offers.password && offers.apiToken ? html`<h2>Or with an API token</h2>` : html``}
${offers.apiToken ? apiTokenForm(run, forms) : html``}
${leave(run)}`,
  );
};

const passwordForm = (run: Run, { provider, username, company }: SignInForms): Html =>
  html`<p class="note">This is a simulation. Use <strong>good_user</strong> and <strong>good_pass</strong>;
good_user_2 to good_user_9 are other logins at the same company. <strong>mfa</strong> is asked for a code,
<strong>multi_entity</strong> sees three entities and <strong>fewer_entities</strong> two of them.</p>
<form id="sign-in" action="/authorize" method="post">
${carried(run)}
${hidden("provider", provider.id)}
${hidden("action", "sign_in")}
<label for="username">Username</label>
<input id="username" name="username" value="${username}" autocomplete="off" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" required>
<label for="company">Company</label>
<input id="company" name="company" value="${company}" maxlength="255" autocomplete="off">
${peopleField("people")}
<button class="main">Sign in and connect</button>
</form>`;

/** Left empty, there are as many people as before. */
const peopleField = (id: string): Html =>
  html`<label for="${id}">How many people work there (20, unless you say otherwise)</label>
<input id="${id}" name="people" inputmode="numeric" pattern="[0-9]*" maxlength="6" autocomplete="off">`;

const apiTokenForm = (run: Run, { provider, company }: SignInForms): Html =>
  html`<p class="note">The simulation knows the API token <strong>good_token</strong>, and good_token_2 to good_token_9 as
other ones of the same company.</p>
<form id="api-token" action="/authorize" method="post">
${carried(run)}
${hidden("provider", provider.id)}
${hidden("action", "sign_in")}
<label for="api_token">API token</label>
<input id="api_token" name="api_token" type="password" autocomplete="off" required>
<label for="token_company">Company</label>
<input id="token_company" name="company" value="${company}" maxlength="255" autocomplete="off">
${peopleField("token_people")}
<button class="main">Connect with the token</button>
</form>`;
