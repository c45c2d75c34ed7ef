import { Button } from "../parts/basics.tsx";
import { usePage } from "../parts/context.ts";
import { Modal } from "./modal.tsx";

/** The session is about to end. Staying puts it off, unless it has lasted as long as it may. */
export const SoonDialog = ({ final }: { readonly final: boolean }) => {
  const { words, settings, page } = usePage();
  return (
    <Modal
      id="d-soon"
      title={words.say("soon.title")}
      alert
      scrolls={false}
      onClose={final ? page.closeSoon : page.stay}
      foot={
        <>
          <Button local onPress={page.leave}>
            {words.say("soon.leave")}
          </Button>
          <Button look="primary" local autofocus onPress={final ? page.closeSoon : page.stay}>
            {words.say(final ? "close" : "soon.stay")}
          </Button>
        </>
      }
    >
      <p class="why">{final ? words.say("soon.final", { platform: settings.platform }) : words.say("soon.body")}</p>
    </Modal>
  );
};
