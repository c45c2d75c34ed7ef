import { useState } from "preact/hooks";
import { sharedCompany } from "../model/arrange.ts";
import type { Connection } from "../model/connection.ts";
import { Button } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";
import { Name } from "../words.tsx";
import { Choice, Modal } from "./modal.tsx";

/** Which of several connections that may be one employer's stays. Nothing is removed here: the next dialog does, or not. */
export const CompareDialog = ({ connections }: { readonly connections: readonly Connection[] }) => {
  const { words, page } = usePage();
  const newest = connections.toSorted((one, other) => lastOf(other) - lastOf(one));
  const [stays, setStays] = useState(newest[0]?.id);
  const provider = connections[0]?.providerName ?? "";
  const employer = sharedCompany(connections);

  const go = () => {
    const leaves = newest.findLast(({ id }) => id !== stays);
    if (stays === undefined) void page.keep(connections);
    else if (leaves !== undefined) page.openDialog({ kind: "remove", connection: leaves });
  };

  return (
    <Modal
      id="d-compare"
      title={words.say("compare.title")}
      sub={
        employer === null || connections.length > 2
          ? words.say("compare.unnamed", { provider })
          : words.say("compare.body", { employer, provider })
      }
      scrolls={false}
      onClose={page.closeDialog}
      foot={
        <>
          <Button local onPress={page.closeDialog}>
            {words.say("cancel")}
          </Button>
          <Button look="primary" onPress={go}>
            {words.say("compare.go")}
          </Button>
        </>
      }
    >
      <fieldset class="opts">
        <legend class="sr">{words.say("compare.title")}</legend>
        {newest.map((connection, index) => (
          <Choice
            key={connection.id}
            group="keep"
            checked={stays === connection.id}
            autofocus={index === 0}
            head={<Name>{connection.username ?? connection.companies[0]?.name ?? connection.id.slice(0, 8)}</Name>}
            hint={
              <>
                {words.say("detail.connected")} {words.date(connection.connectedAt)}
                <br />
                {connection.lastUpdate === null
                  ? words.say("updated.never")
                  : words.say("updated", { when: words.ago(connection.lastUpdate) })}
                {index === 0 && connection.lastUpdate !== null && (
                  <>
                    {" "}
                    · <b>{words.say("compare.fresh")}</b>
                  </>
                )}
              </>
            }
            onChoose={() => setStays(connection.id)}
          />
        ))}
        <Choice
          group="keep"
          checked={stays === undefined}
          head={words.say("compare.both")}
          onChoose={() => setStays(undefined)}
        />
      </fieldset>
    </Modal>
  );
};

const lastOf = ({ lastUpdate, connectedAt }: Connection): number => (lastUpdate ?? connectedAt).getTime();
