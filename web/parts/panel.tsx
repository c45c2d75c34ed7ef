import { type Connection, stateOf } from "../model/connection.ts";
import { providerName } from "../model/provider-name.ts";
import type { TextKey } from "../texts/texts.ts";
import { Name } from "../words.tsx";
import { About, Button, Icon } from "./basics.tsx";
import { usePage } from "./context.ts";

const productTexts: Readonly<Record<string, TextKey & `product.${string}`>> = {
  company: "product.company",
  directory: "product.directory",
  individual: "product.individual",
  employment: "product.employment",
  payment: "product.payment",
  pay_statement: "product.pay_statement",
  benefits: "product.benefits",
  deduction: "product.benefits",
  plans: "product.plans",
  ssn: "product.ssn",
  documents: "product.documents",
};

/** What is known of a connection, and what can be done with it. */
export const Panel = ({ connection, compact, same }: PanelProps) => {
  const { words, settings, page } = usePage();
  const { id, companies, connectedAt, lastUpdate } = connection;
  const grows = stateOf(connection) !== "pending";
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{words.say("detail.access", { platform: settings.platform })}</dt>
          <dd>
            <Products connection={connection} />
          </dd>
        </div>
        <SignIn connection={connection} />
        <div>
          <dt>{words.say("detail.connected")}</dt>
          <dd>{words.date(connectedAt)}</dd>
        </div>
        <div>
          <dt>{words.say("detail.updated")}</dt>
          <dd>{lastUpdate === null ? words.say("updated.never") : words.moment(lastUpdate)}</dd>
        </div>
        {compact && companies.length > 1 && (
          <div>
            <dt>{words.say("detail.companies")}</dt>
            <dd>{words.list(companies.map(({ name }) => name ?? words.plain("company.unnamed")))}</dd>
          </div>
        )}
        <div>
          <dt>{words.say("detail.reference")}</dt>
          <dd>
            <code>{id.slice(0, 8)}</code>
          </dd>
        </div>
      </dl>
      <div class="panel-acts">
        {grows && (
          <Button look="small" icon="again" onPress={() => page.reconnect(id)}>
            {words.say("reconnect")}
            <About connection={connection} />
          </Button>
        )}
        {grows && (compact || companies.length < 2) && (
          <Button
            look="small"
            icon="plus"
            onPress={() => page.openDialog({ kind: "connect", pick: { what: "company", connectionId: id } })}
          >
            {words.say("addCompany")}
            <About connection={connection} />
          </Button>
        )}
        {same && (
          <>
            <Button look="small" onPress={() => page.keep(same)}>
              {words.say(same.length > 2 ? "dup.keep.many" : "dup.keep")}
              <About connection={connection} />
            </Button>
            <Button look="small" onPress={() => page.openDialog({ kind: "compare", connections: same })}>
              {words.say("dup.removeOne")}
              <About connection={connection} />
            </Button>
          </>
        )}
        <Button look="small quiet stop" onPress={() => page.openDialog({ kind: "remove", connection })}>
          {words.say("remove")}
          <About connection={connection} />
        </Button>
      </div>
    </>
  );
};

interface PanelProps {
  readonly connection: Connection;
  readonly compact: boolean;
  readonly same: readonly Connection[] | undefined;
}

/** What the platform can see, in plain words; what has none yet is named as Finch names it. */
const Products = ({ connection }: { readonly connection: Connection }) => {
  const { words } = usePage();
  const products = connection.products.filter(
    (product) => product !== "deduction" || !connection.products.includes("benefits"),
  );
  if (stateOf(connection) === "pending" || products.length === 0) return <>{words.say("accessNone")}</>;
  return (
    <ul class="tags">
      {products.map((product) => {
        const text = Object.hasOwn(productTexts, product) ? productTexts[product] : undefined;
        return (
          <li key={product}>
            {product === "ssn" && <Icon name="lock" />}
            {text === undefined ? <Name>{providerName(product)}</Name> : words.say(text)}
          </li>
        );
      })}
    </ul>
  );
};

/** Who signed in, and how. */
const SignIn = ({ connection }: { readonly connection: Connection }) => {
  const { words } = usePage();
  const { username, methods, providerName: provider } = connection;
  const how = [...new Set(methods)].flatMap((method) => {
    if (method === "oauth") return [words.say("method.oauth", { provider })];
    if (method === "credential") return [words.say("method.credential")];
    if (method === "api_token" || method === "api_credential") return [words.say("method.api_token")];
    return method === "assisted" ? [words.say("method.assisted")] : [];
  });
  if (username === null && how.length === 0) return null;
  return (
    <div>
      <dt>{words.say("detail.signin")}</dt>
      {username !== null && (
        <dd>
          <Name>{username}</Name>
        </dd>
      )}
      {how.map((method, index) => (
        <dd key={index} class={username === null ? "" : "hint"}>
          {method}
        </dd>
      ))}
    </div>
  );
};
