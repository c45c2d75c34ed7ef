import { useState } from "preact/hooks";
import { type Connection, remedyOf, stateOf, troubled } from "../model/connection.ts";
import { monogram } from "../model/provider-name.ts";
import { Name } from "../words.tsx";
import { About, Button, Icon, StateWords } from "./basics.tsx";
import { Companies } from "./companies.tsx";
import { usePage } from "./context.ts";
import { Panel } from "./panel.tsx";

/** How a connection is shown: a card of its own, one of a few that may be one employer's, or a row among many. */
export interface CardProps {
  readonly connection: Connection;
  /** Its heading is below another's. */
  readonly inner?: boolean;
  readonly compact?: boolean;
  /** In a row: those that may be the same employer's, itself first. */
  readonly same?: readonly Connection[];
}

/** A connection: where, how it is, whose, since when, and what can be done. */
export const Card = ({ connection, inner = false, compact = false, same }: CardProps) => {
  const { words } = usePage();
  const [open, setOpen] = useState(false);
  const { id, providerId, providerName } = connection;
  const state = stateOf(connection);
  const { letters, hue } = monogram(providerId, providerName);
  const Heading = inner ? "h4" : "h3";
  const still = state === "removing" || state === "held";
  return (
    <li class="conn" id={`c-${id}`}>
      <article aria-labelledby={`h-${id}`}>
        <div class="conn-main">
          <span class="mono" data-hue={hue} aria-hidden="true">
            {letters}
          </span>
          <div class="conn-text">
            <div class="conn-title">
              <Heading id={`h-${id}`}>
                <Name>{providerName}</Name>
              </Heading>
              <StateWords state={state} connection={connection} />
            </div>
            <Employer connection={connection} compact={compact} />
            {!compact && (
              <p class="conn-meta">
                {connection.username !== null && <span>{words.say("signedInAs", { who: connection.username })}</span>}
                <LastUpdate connection={connection} />
              </p>
            )}
            {!compact && <Why connection={connection} />}
            {compact && same && (
              <p class="conn-meta">
                <span>{words.say("dup.note", { provider: providerName })}</span>
              </p>
            )}
          </div>
          <div class="conn-side">
            <Remedy connection={connection} />
            {!still && (
              <button
                class="btn small quiet"
                type="button"
                aria-expanded={open}
                aria-controls={`p-${id}`}
                onClick={() => setOpen(!open)}
              >
                {words.say("manage")}
                <About connection={connection} />
                <Icon name="chev" class="chev" />
              </button>
            )}
          </div>
        </div>
        {!compact && connection.companies.length > 1 && <Companies connection={connection} />}
        {!still && (
          <div class="panel" id={`p-${id}`} hidden={!open}>
            {open && <Panel connection={connection} compact={compact} same={same} />}
          </div>
        )}
      </article>
    </li>
  );
};

/** The button that mends what is wrong, if there is one. */
const Remedy = ({ connection }: { readonly connection: Connection }) => {
  const { words, page } = usePage();
  const remedy = remedyOf(stateOf(connection));
  if (remedy === null) return null;
  const [label, act] =
    remedy === "check"
      ? (["checkAgain", () => page.check(connection)] as const)
      : (["reconnect", () => page.reconnect(connection.id)] as const);
  return (
    <Button look="small" icon="again" onPress={act}>
      {words.say(label)}
      <About connection={connection} />
    </Button>
  );
};

const Employer = ({ connection, compact }: { readonly connection: Connection; readonly compact: boolean }) => {
  const { words } = usePage();
  const { companies } = connection;
  const [only] = companies;
  if (only === undefined && !compact) return null;
  return (
    <p class="conn-emp">
      {companies.length > 1 ? (
        <span>{words.say("count.companies", { n: companies.length })}</span>
      ) : (
        <span>
          {only === undefined ? (
            words.say("company.none")
          ) : only.name === null ? (
            words.say(connection.isLookedAt ? "company.unnamed" : "company.none")
          ) : (
            <Name>{only.name}</Name>
          )}
        </span>
      )}
      {companies.length === 1 && only?.taxDigits && (
        <span class="dot">{words.say("taxIdEnding", { digits: only.taxDigits })}</span>
      )}
      {compact && (
        <span class="dot">
          <LastUpdate connection={connection} />
        </span>
      )}
    </p>
  );
};

const LastUpdate = ({ connection }: { readonly connection: Connection }) => {
  const { words } = usePage();
  const { lastUpdate, connectedAt } = connection;
  const state = stateOf(connection);
  if (lastUpdate !== null) return <span>{words.say("updated", { when: words.ago(lastUpdate) })}</span>;
  if (state === "pending" || state === "held")
    return <span>{words.say("asked", { when: words.ago(connectedAt) })}</span>;
  if (state === "processing") return <span>{words.say("started", { when: words.ago(connectedAt) })}</span>;
  return <span>{words.say("updated.never")}</span>;
};

/** Why a connection does not work, and what to do about it. */
const Why = ({ connection }: { readonly connection: Connection }) => {
  const { words, settings } = usePage();
  const { providerName: provider, lastUpdate, changedAt } = connection;
  const { platform } = settings;
  const state = stateOf(connection);
  const sentence = () => {
    switch (state) {
      case "connected":
        return null;
      case "partial": {
        const names = troubled(connection).map(({ name }) => name ?? words.plain("company.unnamed"));
        return words.say("why.partial", { provider, employer: words.list(names) });
      }
      case "reauth":
        return words.say("why.reauth", { provider });
      case "error_permissions":
        return words.say("why.error_permissions", { provider, platform });
      case "error_no_account_setup":
        return words.say("why.error_no_account_setup", { provider });
      case "disconnected":
        return words.say("why.disconnected", { date: words.day(changedAt) });
      case "held":
        return words.say("why.held", { platform });
      case "unknown":
        return words.say("why.unknown", { when: words.ago(lastUpdate ?? changedAt) });
      default:
        return words.say(`why.${state}`);
    }
  };
  const said = sentence();
  return said && <p class="conn-why">{said}</p>;
};
