import { CallFailed } from "../api/page-api.ts";
import type { About, PageApi, PageSession } from "../api/types.ts";
import { type Connection, stateOf } from "../model/connection.ts";
import type { PageBrowser } from "./browser.ts";
import { removed, trouble } from "./flashes.ts";
import { firstState, type PageState, type Screen } from "./state.ts";

/** The page's state, and what all of its actions do. */
export interface Core {
  readonly state: () => PageState;
  readonly set: (change: Partial<PageState>) => void;
  readonly subscribe: (listener: (state: PageState) => void) => void;
  /** Loads everything; shows what went wrong instead when nothing has been shown yet. */
  readonly load: () => Promise<void>;
  /** Loads everything again behind what is shown. What cannot be loaded now is tried another time. */
  readonly refresh: () => Promise<void>;
  /** Does one thing that the customer asked for, one at a time, and says so when it fails: then the result is undefined. */
  readonly attempt: <Value>(work: () => Promise<Value>) => Promise<Value | undefined>;
  /** Puts a connection in the place of what was known of it. */
  readonly replace: (connection: Connection) => void;
  /** Tells when the session ends, now that it was used. */
  readonly used: (session?: PageSession) => void;
  /** Shows that the session is over. */
  readonly end: () => void;
}

/** Creates the page's state. */
export const createCore = (api: PageApi, browser: PageBrowser, screen: Screen): Core => {
  let state = firstState(screen, browser.isOnline());
  const listeners = new Set<(state: PageState) => void>();

  const set = (change: Partial<PageState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  };

  const end = () => set({ screen: "ended", dialog: null, soon: null, flash: null, embedded: false, connections: [] });

  const used = (session = state.about?.session) => {
    if (state.about === null || session === undefined) return;
    const idleEnd = Math.min(browser.now() + session.idleMinutes * 60_000, session.endsAt.getTime());
    set({ about: { ...state.about, session: { ...session, idleEndsAt: new Date(idleEnd) } } });
  };

  const readAll = async (onFirst: (about: About) => void): Promise<void> => {
    const { connections, nextCursor, ...about } = await api.view();
    onFirst(about);
    const all = [...connections];
    for (let cursor = nextCursor; cursor !== null; ) {
      const page = await api.more(cursor);
      all.push(...page.connections);
      cursor = page.nextCursor;
    }
    const gone = state.connections.find(
      (former) => stateOf(former) === "removing" && all.every(({ id }) => id !== former.id),
    );
    set({
      about,
      connections: all,
      complete: true,
      loadedAt: new Date(browser.now()),
      screen: "list",
      ...(gone && { flash: removed(gone) }),
    });
    used();
  };

  const load = async () => {
    set({ screen: "loading", complete: false });
    try {
      await readAll((about) => set({ about, screen: "list" }));
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.trouble === "ended") end();
      else set({ screen: "failed", failureCode: error.requestId, complete: false });
    }
  };

  const refresh = async () => {
    if (state.screen !== "list" || !state.complete || state.busy) return;
    try {
      await readAll(() => {});
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.trouble === "ended") end();
    }
  };

  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
    if (state.busy || !state.online) return undefined;
    set({ busy: true, flash: null });
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.trouble === "ended") end();
      else set({ flash: trouble(error.code), dialog: null, embedded: false });
      return undefined;
    } finally {
      set({ busy: false });
      used();
    }
  };

  const replace = (connection: Connection) =>
    set({ connections: state.connections.map((known) => (known.id === connection.id ? connection : known)) });

  return {
    state: () => state,
    set,
    subscribe: (listener) => listeners.add(listener),
    load,
    refresh,
    attempt,
    replace,
    used,
    end,
  };
};
