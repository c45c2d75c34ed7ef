import { useEffect, useState } from "preact/hooks";
import { type Connection, needsCustomer, remedyOf, stateOf, troubled } from "../model/connection.ts";
import type { Words } from "../words.tsx";
import { Name } from "../words.tsx";
import { announce } from "./announce.ts";
import { Button, Icon } from "./basics.tsx";
import { usePage } from "./context.ts";

/** Why nothing can be changed now. */
export const OfflineNote = () => {
  const { words, state } = usePage();
  useEffect(() => {
    announce(words.plain("offline.heading"));
    return () => announce(words.plain("online.again"));
  }, [words]);
  return (
    <section class="note" data-tone="calm" aria-labelledby="off-h">
      <Icon name="off" />
      <div class="note-body">
        <h2 id="off-h">{words.say("offline.heading")}</h2>
        <p id="off">{words.say("offline.body", { when: words.ago(state.loadedAt) })}</p>
      </div>
    </section>
  );
};

const firstShown = 3;

/** What the customer is to do, above everything else. */
export const Attention = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const { words, settings } = usePage();
  const [all, setAll] = useState(false);
  const needy = connections.filter(needsCustomer);
  const [first, ...others] = needy;
  if (first === undefined) return null;
  const alone = others.length === 0;
  return (
    <section class="note" data-tone="warn" aria-labelledby="att">
      <Icon name="warn" />
      <div class="note-body">
        <h2 id="att">{alone ? headlineOf(first, words) : words.say("attention.heading", { n: needy.length })}</h2>
        {!alone && (
          <p>
            {words.say("attention.many", { platform: settings.platform })} {words.say("attention.fix")}
          </p>
        )}
        <ul class="fixes">
          {(all ? needy : needy.slice(0, firstShown)).map((connection) => (
            <Fix key={connection.id} connection={connection} alone={alone} />
          ))}
        </ul>
        {!all && needy.length > firstShown && (
          <p>
            <Button look="small" local onPress={() => setAll(true)}>
              {words.say("attention.all", { n: needy.length })}
            </Button>
          </p>
        )}
      </div>
    </section>
  );
};

const headlineOf = (connection: Connection, words: Words) => {
  const provider = connection.providerName;
  switch (stateOf(connection)) {
    case "error_permissions":
      return words.say("attention.permissions", { provider });
    case "error_no_account_setup":
      return words.say("attention.setup", { provider });
    default:
      return words.say("attention.one", { provider });
  }
};

/** One thing to do, and the button that does it. */
const Fix = ({ connection, alone }: { readonly connection: Connection; readonly alone: boolean }) => {
  const { words, page } = usePage();
  const { id, providerName: provider } = connection;
  return (
    <li class="fix">
      <div class="fix-text">
        {alone ? <OnlyTrouble connection={connection} /> : <OneTrouble connection={connection} />}
      </div>
      {remedyOf(stateOf(connection)) === "check" ? (
        <Button look="primary" onPress={() => page.check(connection)}>
          <span>{words.say("checkAgain")}</span>
        </Button>
      ) : (
        <Button look="primary" onPress={() => page.reconnect(id)}>
          <span>{words.say("reconnect.to", { provider })}</span>
        </Button>
      )}
    </li>
  );
};

/** The companies that a trouble is about, and of none that is known the provider. */
const useWho = ({ companies, providerName: provider, ...rest }: Connection) => {
  const { words } = usePage();
  const bad = troubled({ companies, providerName: provider, ...rest });
  const names = (bad.length > 0 ? bad : companies).flatMap(({ name }) => name ?? []);
  return names.length > 4
    ? words.say("count.companies", { n: names.length })
    : words.list(names.length > 0 ? names : [provider]);
};

const OnlyTrouble = ({ connection }: { readonly connection: Connection }) => {
  const { words, settings } = usePage();
  const { providerName: provider, lastUpdate } = connection;
  const { platform } = settings;
  const employer = useWho(connection);
  const state = stateOf(connection);
  if (state === "error_permissions") return <p>{words.say("why.error_permissions", { provider, platform })}</p>;
  if (state === "error_no_account_setup") return <p>{words.say("why.error_no_account_setup", { provider })}</p>;
  return (
    <>
      <p>
        {lastUpdate === null
          ? words.say("attention.reauth.undated", { provider, employer, platform })
          : words.say("attention.reauth", { provider, employer, platform, date: words.day(lastUpdate) })}
      </p>
      <p class="hint">{words.say("attention.fix")}</p>
    </>
  );
};

const OneTrouble = ({ connection }: { readonly connection: Connection }) => {
  const { words } = usePage();
  const { providerName, lastUpdate } = connection;
  const who = useWho(connection);
  const state = stateOf(connection);
  const signedOut = state === "reauth" || state === "partial";
  return (
    <>
      <p>
        <b>
          <Name>{providerName}</Name>
        </b>{" "}
        · {who}
      </p>
      <p class="hint">
        {!signedOut && headlineOf(connection, words)}
        {signedOut &&
          (lastUpdate === null
            ? words.say("attention.since.undated")
            : words.say("attention.since", { date: words.day(lastUpdate) }))}
      </p>
    </>
  );
};
