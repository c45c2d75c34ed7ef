import type { ComponentChildren } from "preact";
import type { Preview } from "../api/types.ts";
import type { Company, Connection } from "../model/connection.ts";
import { Icon } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";

/** So many companies are named; of more, so many and how many else. */
const mostNamed = 8;

/** What a removal does, and what it leaves alone. */
export const Effects = ({ connection, preview, companies, all }: EffectsProps) => {
  const { words, settings, state } = usePage();
  const { platform } = settings;
  const { providerName: provider, username } = connection;
  const names = companies.map(({ name }) => name ?? words.plain("company.unnamed"));
  const named =
    names.length > mostNamed
      ? [...names.slice(0, mostNamed), words.plain("remove.andMore", { n: names.length - mostNamed })]
      : names;
  const siblings = state.connections.filter(({ id }) => preview.siblings.includes(id));
  return (
    <div class="effects">
      <div class="falls">
        <h3>{words.say("remove.falls")}</h3>
        <ul>
          {names.length > 0 && (
            <Effect icon="x">
              {words.say("remove.falls.companies", { platform, n: names.length, names: words.list(named) })}
            </Effect>
          )}
          {all && preview.signIns > 0 && (
            <Effect icon="x">
              {username === null || preview.signIns > 1
                ? words.say("remove.falls.accesses", { n: preview.signIns })
                : words.say("remove.falls.signins", { n: 1, names: words.list([username]) })}
            </Effect>
          )}
          {all && siblings.length > 0 && (
            <Effect icon="warn">
              {words.say("remove.falls.siblings", {
                n: siblings.length,
                provider,
                names: words.list(siblings.map((one) => one.username ?? one.companies[0]?.name ?? one.id.slice(0, 8))),
              })}
            </Effect>
          )}
        </ul>
      </div>
      <div class="stays">
        <h3>{words.say("remove.stays")}</h3>
        <ul>
          <Effect icon="tick">{words.say("remove.stays.provider", { provider })}</Effect>
          <Effect icon="tick">{words.say("remove.stays.data", { platform })}</Effect>
        </ul>
      </div>
    </div>
  );
};

interface EffectsProps {
  readonly connection: Connection;
  readonly preview: Preview;
  /** What would be removed. */
  readonly companies: readonly Company[];
  readonly all: boolean;
}

const Effect = ({ icon, children }: { readonly icon: "x" | "tick" | "warn"; readonly children: ComponentChildren }) => (
  <li>
    <Icon name={icon} />
    <span>{children}</span>
  </li>
);
