/** The pages of the simulated Finch Connect that follow a sign-in: a code, the entities, or why it goes no further. */
import { html } from "./html.ts";
import type { Reply } from "./http.ts";
import { alert, carried, hidden, leave, type Problem, page, type Run } from "./page-frame.ts";
import type { EntityChoice } from "./sign-in.ts";

/** Step 3, for some logins: the code that the provider sent to the person. */
export const mfaPage = (run: Run, pendingId: string, problem?: Problem): Reply =>
  page(
    problem?.status ?? 200,
    "Enter your code",
    html`${alert(problem)}
<p class="note">This is a simulation. Any six digits will do.</p>
<form id="mfa" action="/authorize" method="post">
${carried(run)}
${hidden("pending", pendingId)}
${hidden("action", "enter_mfa_code")}
<label for="mfa_code">Six digits</label>
<input id="mfa_code" name="mfa_code" inputmode="numeric" autocomplete="one-time-code" required>
<button class="main">Continue</button>
</form>
${leave(run)}`,
  );

/** Step 4, where there are several: which entities? */
export const entityPage = (run: Run, pendingId: string, { mode, entities }: EntityChoice, problem?: Problem): Reply => {
  const type = mode === "multi" ? "checkbox" : "radio";
  const option = ({ name, checked, locked }: EntityChoice["entities"][number], index: number) =>
    html`<label for="entity-${String(index)}"><input id="entity-${String(index)}" type="${type}" name="entity" value="${name}"${
      checked ? html` checked` : html``
    }${locked ? html` disabled` : html``}>${name}${locked ? " (connected already)" : ""}</label>`;
  return page(
    problem?.status ?? 200,
    "Choose what to connect",
    html`${alert(problem)}
<form id="choose-entities" action="/authorize" method="post">
${carried(run)}
${hidden("pending", pendingId)}
${hidden("action", "pick_entities")}
<fieldset>
<legend>${mode === "multi" ? "Entities" : "One entity; connect again for another one"}</legend>
${entities.map(option)}
</fieldset>
<button class="main">Connect</button>
</form>
${leave(run)}`,
  );
};

/** A reauthentication that this login cannot finish: try another one, or go back without. */
export const reauthenticationFailedPage = (run: Run, { status, text }: Problem): Reply =>
  page(
    status,
    "This login cannot reconnect",
    html`${alert({ status, text })}
<form id="try-again" action="/authorize" method="get">
${carried(run)}
<button>Sign in differently</button>
</form>
<form id="give-up" class="leave" action="/authorize" method="post">
${carried(run)}
<button name="action" value="give_up">Go back without reconnecting</button>
</form>`,
  );
