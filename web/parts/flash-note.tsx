import { useEffect, useRef } from "preact/hooks";
import type { EarlierFailure } from "../page/state.ts";
import { announce } from "./announce.ts";
import { Button, Icon } from "./basics.tsx";
import { usePage } from "./context.ts";

/** What came of the last action. */
export const FlashNote = () => {
  const { words, state, page } = usePage();
  const { flash, focus } = state;
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const sentences = note.current?.querySelectorAll("p:not(:has(button))") ?? [];
    if (flash && !flash.failed) announce(Array.from(sentences, ({ textContent }) => textContent).join(" "));
  }, [flash]);
  useEffect(() => {
    if (flash === null || focus !== "flash") return;
    note.current?.focus();
    page.focused();
  }, [flash, focus, page]);
  if (flash === null) return null;
  return (
    <div class="note flash" data-tone={flash.tone} tabIndex={-1} ref={note} role={flash.failed ? "alert" : undefined}>
      <Icon name={flash.tone} />
      <div class="note-body">
        {flash.earlier && (
          <p>
            <b>{words.say(flash.earlier.headline)}</b> ·{" "}
            {words.say("started", { when: words.ago(flash.earlier.startedAt) })}
          </p>
        )}
        <p>{flash.text(words)}</p>
        {flash.earlier?.again && <BeginAgain {...flash.earlier.again} />}
        {flash.offersAccount && (
          <p>
            <Button look="small" onPress={() => page.connect(null)}>
              {words.say("flash.other.add")}
            </Button>
          </p>
        )}
      </div>
      <button class="x" type="button" aria-label={words.plain("flash.dismiss")} onClick={page.dismiss}>
        <Icon name="x" />
      </button>
    </div>
  );
};

/** Begins once more what came to nothing on an earlier visit. */
const BeginAgain = ({ connectionId }: NonNullable<EarlierFailure["again"]>) => {
  const { words, page } = usePage();
  const begin = () => (connectionId === null ? page.connect(null) : page.reconnect(connectionId));
  return (
    <p>
      <Button look="small" onPress={begin}>
        {words.say("connectAgain")}
      </Button>
    </p>
  );
};
