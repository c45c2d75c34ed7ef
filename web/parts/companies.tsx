import { useState } from "preact/hooks";
import { type Connection, stateOf, stateOfStatus } from "../model/connection.ts";
import { Name } from "../words.tsx";
import { About, Button, StateWords } from "./basics.tsx";
import { usePage } from "./context.ts";

/** So many companies are shown at once; of more, only the first few until all are asked for. */
const most = 6;
const few = 4;

/** The companies of a connection that has several, each with its own state. */
export const Companies = ({ connection }: { readonly connection: Connection }) => {
  const { words, page } = usePage();
  const [all, setAll] = useState(false);
  const { id, companies } = connection;
  const shown = all || companies.length <= most ? companies : companies.slice(0, few);
  const grows = !["removing", "held", "pending"].includes(stateOf(connection));
  return (
    <>
      <ul class="ents" aria-label={words.plain("detail.companies")}>
        {shown.map((company) => (
          <li key={company.id || company.name}>
            <span class="ent-name">
              <span>{company.name === null ? words.say("company.unnamed") : <Name>{company.name}</Name>}</span>
              {company.taxDigits !== null && (
                <span class="dot">{words.say("taxIdEnding", { digits: company.taxDigits })}</span>
              )}
            </span>
            <StateWords state={stateOfStatus(company.status)} plain />
          </li>
        ))}
      </ul>
      <p class="ents-foot">
        {companies.length > most && (
          <Button look="small quiet" local onPress={() => setAll(!all)}>
            {all ? words.say("companies.fewer") : words.say("companies.all", { n: companies.length })}
            <About connection={connection} />
          </Button>
        )}
        {grows && (
          <Button
            look="small quiet"
            icon="plus"
            onPress={() => page.openDialog({ kind: "connect", pick: { what: "company", connectionId: id } })}
          >
            {words.say("addCompany")}
            <About connection={connection} />
          </Button>
        )}
      </p>
    </>
  );
};
