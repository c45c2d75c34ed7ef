import type { ComponentChildren } from "preact";
import { Name } from "../words.tsx";
import { Button, Icon } from "./basics.tsx";
import { usePage } from "./context.ts";

/** The platform's name and mark, and the way back to it. */
export const Header = () => {
  const { words, settings, state } = usePage();
  const returnUrl = state.screen === "ended" ? null : state.about?.session.returnUrl;
  return (
    <header class="bar">
      <div class="bar-in">
        <span class="brand">
          {settings.logo === null ? (
            <span class="brand-mark" aria-hidden="true">
              <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
                <use href="#i-mark" />
              </svg>
            </span>
          ) : (
            <img class="brand-logo" src={settings.logo} alt="" width="32" height="32" />
          )}
          <Name>{settings.platform}</Name>
        </span>
        {returnUrl && (
          <a class="back" href={returnUrl}>
            <Icon name="back" class="flip" />
            <span class="wide">{words.say("return", { platform: settings.platform })}</span>
            <span class="slim" aria-hidden="true">
              {words.say("return.short")}
            </span>
          </a>
        )}
      </div>
    </header>
  );
};

/** Who sees no password, and where there is help. */
export const Footer = () => {
  const { words, settings } = usePage();
  const { platform, helpUrl, privacyUrl } = settings;
  return (
    <footer class="foot">
      <div class="foot-in">
        <p>{words.say("footer.trust", { platform })}</p>
        {(helpUrl ?? privacyUrl) && (
          <ul>
            {helpUrl && (
              <li>
                <a href={helpUrl}>{words.say("footer.help")}</a>
              </li>
            )}
            {privacyUrl && (
              <li>
                <a href={privacyUrl}>{words.say("footer.privacy")}</a>
              </li>
            )}
          </ul>
        )}
      </div>
    </footer>
  );
};

/** The title, one sentence, and the way to connect more. */
export const Top = ({ add, lead = "lead" }: TopProps) => {
  const { words, settings, state, page } = usePage();
  const company = state.about?.customerName;
  return (
    <div class="top">
      <div class="top-text">
        <h1>{words.say("title")}</h1>
        {lead !== null && (
          <p class="lead">
            {company ? (
              words.say(lead, { company, platform: settings.platform })
            ) : (
              <span class="sk w2" aria-hidden="true" />
            )}
          </p>
        )}
      </div>
      {add !== null && (
        <Button look={add} icon="plus" onPress={() => page.openDialog({ kind: "connect", pick: { what: "provider" } })}>
          {words.say("add")}
        </Button>
      )}
    </div>
  );
};

/** A message that is all there is on the page, or all there is of the list. */
export const Message = ({ icon, tone = "calm", children }: MessageProps) => (
  <div class="center">
    <span class="badge" data-tone={tone}>
      <Icon name={icon} />
    </span>
    {children}
  </div>
);

interface TopProps {
  /** How the button to connect more looks; null where there is none. */
  readonly add: "primary" | "" | null;
  /** The sentence that names the customer; null before anything is known of it. */
  readonly lead?: "lead" | "lead.none" | null;
}

interface MessageProps {
  readonly icon: "key" | "lock" | "link" | "stop" | "off";
  readonly tone?: "calm" | "stop";
  readonly children: ComponentChildren;
}
