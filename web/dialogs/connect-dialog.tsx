import { useState } from "preact/hooks";
import { cleanName } from "../model/clean-name.ts";
import { type Connection, stateOf } from "../model/connection.ts";
import type { ConnectPick } from "../page/state.ts";
import { Button, Icon } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";
import type { Words } from "../words.tsx";
import { Choice, Modal } from "./modal.tsx";

/** What to connect: another provider, another account at one, or another company of an account that is there. */
export const ConnectDialog = ({ pick }: { readonly pick: ConnectPick }) => {
  const { words, settings, state, page } = usePage();
  const [what, setWhat] = useState(pick.what);
  const providers = [...new Map(state.connections.map((one) => [one.providerId, one.providerName]))];
  const accounts = state.connections.filter(
    (connection) => !["removing", "held", "pending"].includes(stateOf(connection)),
  );
  const [providerId, setProviderId] = useState(pick.what === "account" ? pick.providerId : (providers[0]?.[0] ?? ""));
  const [accountId, setAccountId] = useState(pick.what === "company" ? pick.connectionId : (accounts[0]?.id ?? ""));
  const single = state.about?.single === true;

  const go = () => {
    if (what === "company") return page.reconnect(accountId);
    return page.connect(what === "account" ? providerId : null);
  };

  return (
    <Modal
      id="d-connect"
      title={words.say("connect.title")}
      sub={words.say("connect.need")}
      scrolls={false}
      onClose={page.closeDialog}
      foot={
        <>
          <Button local onPress={page.closeDialog}>
            {words.say("cancel")}
          </Button>
          <Button look="primary" onPress={go}>
            {words.say(state.busy ? "connect.busy" : "connect.go")}
          </Button>
        </>
      }
    >
      <fieldset class="opts">
        <legend class="sr">{words.say("connect.title")}</legend>
        {!single && (
          <>
            <Choice
              group="what"
              checked={what === "provider"}
              autofocus={pick.what === "provider"}
              head={words.say("connect.provider")}
              hint={words.say("connect.provider.hint")}
              onChoose={() => setWhat("provider")}
            />
            <Choice
              group="what"
              checked={what === "account"}
              autofocus={pick.what === "account"}
              head={words.say("connect.account")}
              hint={words.say("connect.account.hint")}
              onChoose={() => setWhat("account")}
            >
              <Select
                id="which-provider"
                label={words.plain("connect.account.which")}
                value={providerId}
                options={providers.map(([id, name]) => [id, cleanName(name)])}
                onChoose={setProviderId}
              />
              <p class="hint">{words.say("connect.account.same")}</p>
            </Choice>
          </>
        )}
        {accounts.length > 0 && (
          <Choice
            group="what"
            checked={what === "company"}
            autofocus={pick.what === "company"}
            head={words.say("connect.company")}
            hint={words.say("connect.company.hint")}
            onChoose={() => setWhat("company")}
          >
            <Select
              id="which-account"
              label={words.plain("connect.company.which")}
              value={accountId}
              options={accounts.map((connection) => [connection.id, nameAccount(connection, words)])}
              onChoose={setAccountId}
            />
            <p class="hint">{words.say("connect.company.note")}</p>
          </Choice>
        )}
      </fieldset>
      <p class="trust">
        <Icon name="lock" />
        <span>{words.say("connect.trust", { platform: settings.platform })}</span>
      </p>
    </Modal>
  );
};

/** Provider, sign-in or first company, and how many companies: enough to tell two accounts apart. */
const nameAccount = ({ providerName, username, companies, id }: Connection, words: Words): string => {
  const who = username ?? companies[0]?.name ?? id.slice(0, 8);
  return `${cleanName(providerName)} – ${cleanName(who)} (${words.plain("count.companies", { n: companies.length })})`;
};

const Select = ({ id, label, value, options, onChoose }: SelectProps) => (
  <>
    <label class="q" for={id}>
      {label}
    </label>
    <span class="select">
      <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="chev" />
    </span>
  </>
);

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}
