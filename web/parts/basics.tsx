import type { ComponentChildren } from "preact";
import type { IconName } from "../icon-shapes.ts";
import { cleanName } from "../model/clean-name.ts";
import type { Connection, State } from "../model/connection.ts";
import { toneOf } from "../model/connection.ts";
import { usePage } from "./context.ts";

/** One of the page's icons; it says nothing that is not said in words beside it. */
export const Icon = ({ name, class: more = "" }: { readonly name: IconName; readonly class?: string }) => (
  <svg class={`i ${more}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);

/** How a button looks, what it says, and what it does. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly icon?: IconName;
  readonly look?: string;
  /** Whether it needs the network, and is therefore out of use while there is none. */
  readonly local?: boolean;
  readonly autofocus?: boolean;
  readonly off?: boolean;
}

/** A button. While it cannot be used it keeps its place and its focus, and says so. */
export const Button = ({ children, onPress, icon, look = "", local = false, autofocus, off = false }: ButtonProps) => {
  const { state } = usePage();
  const disabled = off || (!local && (!state.online || state.busy));
  return (
    <button
      class={`btn ${look}`}
      type="button"
      aria-disabled={disabled || undefined}
      aria-describedby={!local && !state.online ? "off" : undefined}
      autofocus={autofocus}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
};

/** Which connection a button is about, for who cannot see where it is. */
export const About = ({ connection }: { readonly connection: Connection }) => (
  <span class="sr">
    {": "}
    {[connection.providerName, connection.username ?? connection.companies[0]?.name ?? ""]
      .map(cleanName)
      .filter((name) => name !== "")
      .join(", ")}
  </span>
);

/** A state in words, with an icon of its own form. */
export const StateWords = ({ state, connection, plain = false }: StateProps) => {
  const { words } = usePage();
  const tone = toneOf(state);
  return (
    <span class={plain ? "state" : "state pill"} data-tone={tone}>
      <Icon name={tone} />
      {state === "partial" && connection ? (
        <span>{words.say("state.partial", countWorking(connection))}</span>
      ) : (
        words.say(`state.${state === "partial" ? "reauth" : state}`)
      )}
    </span>
  );
};

interface StateProps {
  readonly state: State;
  readonly connection?: Connection;
  /** Without a background. */
  readonly plain?: boolean;
}

const countWorking = ({ companies }: Connection) => ({
  ok: companies.filter(({ status }) => status === null || status === "connected").length,
  n: companies.length,
});
