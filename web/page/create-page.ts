import { CallFailed } from "../api/page-api.ts";
import type { PageApi } from "../api/types.ts";
import type { Arrival } from "./arrival.ts";
import type { PageBrowser } from "./browser.ts";
import { createChangeActions } from "./change-actions.ts";
import { type ConnectWays, createConnectActions } from "./connect-actions.ts";
import { createCore } from "./core.ts";
import { createSessionClock } from "./session-clock.ts";
import type { Dialog } from "./state.ts";

/** What the page is made of. */
export interface PageParts {
  readonly api: PageApi;
  readonly browser: PageBrowser;
  readonly platform: string;
  readonly arrival: Arrival;
  readonly embed: ConnectWays["embed"];
}

/** The page's state, and all that can be done to it. */
export const createPage = ({ api, browser, platform, arrival, embed }: PageParts) => {
  const core = createCore(api, browser, arrival.secret === null ? "loading" : "link");
  const clock = createSessionClock(core, api, browser);
  const connecting = createConnectActions(core, { api, browser, platform, embed });
  const changing = createChangeActions(core, api, browser);

  const load = async () => {
    await core.load();
    clock.tick();
    changing.beginWatching();
  };

  return {
    state: core.state,
    subscribe: core.subscribe,
    load,
    /** Begins: a link waits for its button, everything else is loaded. */
    begin: async () => {
      if (arrival.secret !== null) return;
      await load();
      if (core.state().screen !== "list") return;
      if (arrival.back === null) return connecting.lookBack();
      await connecting.welcomeBack(arrival.back);
      changing.beginWatching();
    },
    /** Spends the link for a session. */
    openLink: async () => {
      const { secret } = arrival;
      if (secret === null) return;
      try {
        core.set({ busy: true });
        await api.openLink(secret);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        core.set({ busy: false });
        if (error.code === "link_used") core.set({ screen: "link-used" });
        else if (["link_expired", "invalid_request"].includes(error.code)) core.set({ screen: "link-expired" });
        else core.set({ screen: "link", failureCode: error.requestId ?? "–" });
        return;
      }
      core.set({ busy: false });
      await load();
      if (core.state().screen === "list") await connecting.lookBack();
    },
    openDialog: (dialog: Dialog) => {
      if (core.state().online) core.set({ dialog });
    },
    closeDialog: () => core.set({ dialog: null }),
    dismiss: () => core.set({ flash: null, focus: "list" }),
    focused: () => core.set({ focus: null }),
    preview: api.preview,
    connect: async (providerId: string | null) => {
      await connecting.connect(providerId);
      changing.beginWatching();
    },
    reconnect: async (connectionId: string) => {
      await connecting.reconnect(connectionId);
      changing.beginWatching();
    },
    remove: changing.remove,
    removeCompanies: changing.removeCompanies,
    keep: changing.keep,
    check: changing.check,
    stay: clock.stay,
    leave: clock.leave,
    closeSoon: clock.close,
    tick: clock.tick,
    wentOnline: (online: boolean) => {
      core.set({ online, ...(online ? {} : { dialog: null }) });
      if (!online) return;
      if (core.state().screen === "failed") void load();
      else void core.refresh();
    },
    /** The customer looks at the page again, perhaps after a while. */
    seen: (restored: boolean) => {
      if (restored) core.set({ busy: false, dialog: null });
      if (restored || browser.now() - core.state().loadedAt.getTime() > 60_000) void core.refresh();
    },
  };
};

/** The page, as its parts see it. */
export type PageModel = ReturnType<typeof createPage>;
