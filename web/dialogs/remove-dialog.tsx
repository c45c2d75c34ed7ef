import { useCallback, useEffect, useState } from "preact/hooks";
import { CallFailed } from "../api/page-api.ts";
import type { Preview } from "../api/types.ts";
import { type Company, type Connection, stateOfStatus } from "../model/connection.ts";
import { announce } from "../parts/announce.ts";
import { Button } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";
import { Name } from "../words.tsx";
import { Choice, Modal } from "./modal.tsx";
import { Effects } from "./remove-effects.tsx";

/** What would be removed: all of a connection, or these of its companies. */
type Scope = { readonly kind: "all" } | { readonly kind: "some"; readonly ids: ReadonlySet<string> };

/** Removes a connection or some of its companies, after it has shown what falls. Without having shown it, it removes nothing. */
export const RemoveDialog = ({ connection }: { readonly connection: Connection }) => {
  const { words, page } = usePage();
  const [preview, setPreview] = useState<Preview | "looking" | "unknown">("looking");
  const [scope, setScope] = useState<Scope>({ kind: "all" });
  const [missing, setMissing] = useState(false);
  const { id, providerName: provider, username } = connection;

  const look = useCallback(async () => {
    setPreview("looking");
    try {
      setPreview(await page.preview(id));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      setPreview("unknown");
      announce(words.plain("remove.unknown"));
    }
  }, [id, page, words]);
  useEffect(() => {
    void look();
  }, [look]);

  const shown = typeof preview === "string" ? null : preview;
  const companies = shown === null ? [] : companiesOf(connection, shown);
  const chosen = scope.kind === "all" ? companies : companies.filter((company) => scope.ids.has(company.id));
  // All that is left to remove is the connection itself: the last company cannot go alone.
  const all = chosen.length === companies.length;

  const remove = async () => {
    if (shown === null) return;
    if (chosen.length === 0 && scope.kind === "some") {
      setMissing(true);
      return;
    }
    if (!all) {
      await page.removeCompanies(
        connection,
        chosen.map((company) => company.id),
      );
    } else if ((await page.remove(connection, shown.version)) === "changed") {
      await look();
      announce(words.plain("remove.changed"));
    }
  };

  const who = username ?? connection.companies[0]?.name;
  return (
    <Modal
      id="d-remove"
      title={words.say("remove.title", { provider })}
      sub={who && <Name>{who}</Name>}
      scrolls={companies.length < 2}
      onClose={page.closeDialog}
      foot={
        <>
          {shown && <p class="final">{words.say(all ? "remove.final" : "remove.final.some")}</p>}
          {missing && chosen.length === 0 && (
            <p class="final" role="alert">
              {words.say("remove.choose")}
            </p>
          )}
          <Button local autofocus onPress={page.closeDialog}>
            {words.say("remove.keep")}
          </Button>
          {preview === "unknown" && (
            <Button icon="again" onPress={look}>
              {words.say("error.retry")}
            </Button>
          )}
          {shown && (
            <Button look="danger" onPress={remove}>
              <span>
                {all && companies.length < 2
                  ? words.say("remove.goOne", { provider })
                  : all
                    ? words.say("remove.go", { n: chosen.length })
                    : words.say("remove.goSome", { n: chosen.length })}
              </span>
            </Button>
          )}
        </>
      }
    >
      {companies.length > 1 && <ScopeChoice companies={companies} scope={scope} onChange={setScope} />}
      {preview === "looking" && <p class="why">{words.say("remove.looking")}</p>}
      {preview === "unknown" && <p class="why">{words.say("remove.unknown")}</p>}
      {shown && <Effects connection={connection} preview={shown} companies={chosen} all={all} />}
    </Modal>
  );
};

/** The companies of the preview, by the names that the list has, without those that are being removed. */
const companiesOf = (connection: Connection, preview: Preview): readonly Company[] => {
  const known = new Map(connection.companies.map((company) => [company.id, company]));
  return preview.companies
    .map(({ id, name }) => known.get(id) ?? { id, name, status: null, taxDigits: null })
    .filter(({ status }) => stateOfStatus(status) !== "removing");
};

const ScopeChoice = ({ companies, scope, onChange }: ScopeProps) => {
  const { words } = usePage();
  const ids = scope.kind === "some" ? scope.ids : new Set<string>();
  const removable = companies.filter(({ id }) => id !== "");
  const toggle = (id: string) => {
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    onChange({ kind: "some", ids: next });
  };
  return (
    <fieldset class="opts">
      <legend>{words.say("remove.scope")}</legend>
      <Choice
        group="scope"
        checked={scope.kind === "some"}
        head={words.say("remove.some")}
        hint={words.say("remove.some.hint")}
        onChoose={() => onChange({ kind: "some", ids })}
      >
        <div class="checks">
          {removable.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={ids.has(id)} onChange={() => toggle(id)} />
              <span>{name === null ? words.say("company.unnamed") : <Name>{name}</Name>}</span>
            </label>
          ))}
        </div>
      </Choice>
      <Choice
        group="scope"
        checked={scope.kind === "all"}
        head={words.say("remove.all")}
        hint={words.say("remove.all.hint", { n: companies.length })}
        onChoose={() => onChange({ kind: "all" })}
      />
    </fieldset>
  );
};

interface ScopeProps {
  readonly companies: readonly Company[];
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
}
