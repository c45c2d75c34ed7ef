import { useEffect, useState } from "preact/hooks";
import type { PageSettings } from "./config.ts";
import { CompareDialog } from "./dialogs/compare-dialog.tsx";
import { ConnectDialog } from "./dialogs/connect-dialog.tsx";
import { RemoveDialog } from "./dialogs/remove-dialog.tsx";
import { SoonDialog } from "./dialogs/soon-dialog.tsx";
import { needsCustomer } from "./model/connection.ts";
import type { PageModel } from "./page/create-page.ts";
import type { PageState } from "./page/state.ts";
import { PageContext, usePage } from "./parts/context.ts";
import { FlashNote } from "./parts/flash-note.tsx";
import { Footer, Header, Top } from "./parts/frame.tsx";
import { ConnectionList } from "./parts/list.tsx";
import { Loading } from "./parts/loading.tsx";
import { Attention, OfflineNote } from "./parts/messages.tsx";
import { DeadLinkPage, EmptyList, EndedPage, FailedPage, LinkPage } from "./parts/whole-pages.tsx";
import type { Words } from "./words.tsx";

/** The whole page. */
export const App = ({ words, settings, page }: AppProps) => {
  const [state, setState] = useState(page.state);
  useEffect(() => {
    page.subscribe(setState);
    // An effect comes after the first paint, and the API's answer may come before it.
    setState(page.state());
  }, [page]);
  const title = words.plain(titleOf(state));
  useEffect(() => {
    document.title = `${title} – ${settings.platform}`;
  }, [title, settings]);
  return (
    <PageContext.Provider value={{ words, settings, page, state }}>
      <div class="page" inert={state.embedded}>
        {state.screen === "list" && (
          <a class="skip" href="#main">
            {words.say("skip")}
          </a>
        )}
        <Header />
        <main id="main" tabIndex={-1}>
          <Content />
        </main>
        {state.screen === "loading" || (state.screen === "list" && !state.complete) ? null : <Footer />}
        {state.dialog && <OpenDialog />}
        {state.soon && <SoonDialog final={state.soon === "final"} />}
      </div>
    </PageContext.Provider>
  );
};

interface AppProps {
  readonly words: Words;
  readonly settings: PageSettings;
  readonly page: PageModel;
}

const titleOf = ({ screen }: PageState) => {
  switch (screen) {
    case "link-used":
      return "used.heading";
    case "link-expired":
      return "expired.heading";
    case "ended":
      return "ended.heading";
    default:
      return "title";
  }
};

const Content = () => {
  const { state } = usePage();
  switch (state.screen) {
    case "link":
      return <LinkPage />;
    case "link-used":
    case "link-expired":
      return <DeadLinkPage used={state.screen === "link-used"} />;
    case "ended":
      return <EndedPage />;
    case "failed":
      return <FailedPage />;
    default:
      return state.complete ? <Loaded /> : <Loading />;
  }
};

const Loaded = () => {
  const { state } = usePage();
  const { connections, about, online } = state;
  const empty = connections.length === 0;
  const full = about?.single === true && !empty;
  return (
    <>
      <Top
        add={empty || full || !online ? null : connections.some(needsCustomer) ? "" : "primary"}
        lead={empty ? "lead.none" : "lead"}
      />
      {!online && <OfflineNote />}
      <FlashNote />
      <Attention connections={connections} />
      {empty ? <EmptyList /> : <ConnectionList />}
    </>
  );
};

const OpenDialog = () => {
  const { state } = usePage();
  switch (state.dialog?.kind) {
    case "connect":
      return <ConnectDialog pick={state.dialog.pick} />;
    case "remove":
      return <RemoveDialog key={state.dialog.connection.id} connection={state.dialog.connection} />;
    case "compare":
      return <CompareDialog connections={state.dialog.connections} />;
    default:
      return null;
  }
};
