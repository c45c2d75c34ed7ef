import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { countCompanies, countGroups, find, inOrder, sameEmployer, sharedCompany, together } from "../model/arrange.ts";
import { type Connection, type Group, groups, needsCustomer, stateOf } from "../model/connection.ts";
import { announce } from "./announce.ts";
import { Button, Icon } from "./basics.tsx";
import { Card } from "./card.tsx";
import { usePage } from "./context.ts";

/** Up to so many connections are cards; more are rows with a search. */
const fewest = 20;
/** So many rows are shown at a time. */
const step = 50;

/** The customer's connections. */
export const ConnectionList = () => {
  const { words, state } = usePage();
  const ordered = useMemo(() => inOrder(state.connections, words.language), [state.connections, words]);
  return (
    <>
      <ListHeading connections={ordered} />
      {ordered.length > fewest ? <Rows connections={ordered} /> : <Cards connections={ordered} />}
    </>
  );
};

/** How many there are, and whether all is well; the place to which the focus goes when what had it is gone. */
const ListHeading = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const { words, state, page } = usePage();
  const heading = useRef<HTMLHeadingElement>(null);
  const needy = connections.filter(needsCustomer).length;
  const good = connections.every((connection) => stateOf(connection) === "connected");
  useEffect(() => {
    if (state.focus !== "list") return;
    heading.current?.focus();
    page.focused();
  }, [state.focus, page]);
  useEffect(() => {
    const total = words.plain("count.connections", { n: connections.length });
    const rest = needy > 0 ? words.plain("summary.attention", { n: needy }) : good ? words.plain("summary.good") : "";
    announce([total, rest].filter((part) => part !== "").join(", "));
    // Said once, when the list is there.
  }, []);
  return (
    <div class="list-head">
      <h2 id="list" tabIndex={-1} ref={heading}>
        {words.say("list.heading")}
      </h2>
      <p>
        {words.say("count.connections", { n: connections.length })} ·{" "}
        {words.say("count.companies", { n: countCompanies(connections) })}
        {good && <> · {words.say("summary.good")}</>}
      </p>
    </div>
  );
};

const Cards = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const items = useMemo(() => together(connections), [connections]);
  return (
    <ul class="conns" aria-labelledby="list">
      {items.map((item) =>
        item.kind === "one" ? (
          <Card key={item.connection.id} connection={item.connection} />
        ) : (
          <Same key={item.connections[0]?.id} connections={item.connections} />
        ),
      )}
    </ul>
  );
};

/** Connections that may be one employer's, in one frame. */
const Same = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const { words, page } = usePage();
  const many = connections.length > 2;
  const provider = connections[0]?.providerName ?? "";
  const employer = sharedCompany(connections);
  return (
    <li class="pair">
      <div class="pair-head">
        <div>
          <h3>
            <Icon name="same" />
            {words.say(many ? "dup.heading.many" : "dup.heading")}
          </h3>
          <p>
            {many || employer === null
              ? words.say("dup.body.unnamed", { provider })
              : words.say("dup.body", { employer, provider })}
          </p>
        </div>
        <div class="pair-acts">
          <Button look="small" onPress={() => page.keep(connections)}>
            {words.say(many ? "dup.keep.many" : "dup.keep")}
          </Button>
          <Button look="small" onPress={() => page.openDialog({ kind: "compare", connections })}>
            {words.say("dup.removeOne")}
          </Button>
        </div>
      </div>
      <ul class="conns">
        {connections.map((connection) => (
          <Card key={connection.id} connection={connection} inner />
        ))}
      </ul>
    </li>
  );
};

/** Many connections: rows with a search, four filters, and 50 more at a time. */
const Rows = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const { words } = usePage();
  const [search, setSearch] = useState("");
  const [group, setGroup] = useState<Group>("all");
  const [limit, setLimit] = useState(step);
  const counts = useMemo(() => countGroups(connections), [connections]);
  const byId = useMemo(() => new Map(connections.map((one) => [one.id, one])), [connections]);
  const found = useMemo(() => find(connections, group, search), [connections, group, search]);
  const shown = found.slice(0, limit);
  const rest = found.length - shown.length;
  const said = words.plain("shown", { n: shown.length, total: found.length });
  const list = useRef<HTMLUListElement>(null);
  /** The last step takes its own button away: the first of the rows that have come gets the focus then. */
  const showMore = () => {
    setLimit(limit + step);
    if (rest > step) return;
    requestAnimationFrame(() =>
      list.current?.querySelectorAll<HTMLElement>(".conn")[limit]?.querySelector("button")?.focus(),
    );
  };
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => announce(found.length === 0 ? words.plain("found.none") : said), 500);
    return () => clearTimeout(timer);
  }, [said, found.length, words]);
  return (
    <>
      <search class="tools">
        <label class="field">
          <span class="sr">{words.say("search")}</span>
          <Icon name="find" />
          <input
            class="input"
            type="search"
            placeholder={words.plain("search.short")}
            value={search}
            onInput={({ currentTarget }) => {
              setSearch(currentTarget.value);
              setLimit(step);
            }}
          />
        </label>
        <fieldset class="chips">
          <legend class="sr">{words.say("filter")}</legend>
          {groups.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="filter"
                checked={one === group}
                onChange={() => {
                  setGroup(one);
                  setLimit(step);
                }}
              />
              <span>{words.say(`filter.${one}`, { n: counts[one] })}</span>
            </label>
          ))}
        </fieldset>
      </search>
      {found.length === 0 ? (
        <p class="more">{words.say("found.none")}</p>
      ) : (
        <ul class="conns rows" aria-labelledby="list" ref={list}>
          {shown.map((connection) => {
            const same = sameEmployer(connection, byId);
            const isSame = same.length > 1 && stateOf(connection) !== "removing";
            return <Card key={connection.id} connection={connection} compact {...(isSame && { same })} />;
          })}
        </ul>
      )}
      {rest > 0 && (
        <p class="more">
          {words.say("shown", { n: shown.length, total: found.length })}{" "}
          <Button local onPress={showMore}>
            {words.say("more", { n: Math.min(step, rest) })}
          </Button>
        </p>
      )}
    </>
  );
};
