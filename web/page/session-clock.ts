import type { PageApi } from "../api/types.ts";
import type { PageBrowser } from "./browser.ts";
import type { Core } from "./core.ts";

const warning = 2 * 60_000;

/** Watches over the session's end: says so two minutes before, and shows that it is over when it is. */
export const createSessionClock = (core: Core, api: PageApi, browser: PageBrowser) => {
  let told = false;

  /** Puts off the end, as far as it can be. */
  const stay = async () => {
    core.set({ soon: null });
    const session = await core.attempt(() => api.stay());
    if (session !== undefined) core.used(session);
  };

  const tick = () => {
    const { about, screen, soon, embedded, busy } = core.state();
    if (about === null || screen === "ended") return;
    const { idleEndsAt, endsAt } = about.session;
    const left = idleEndsAt.getTime() - browser.now();
    if (left <= 0) core.end();
    else if (left <= warning && soon === null && !told) {
      const final = endsAt.getTime() - browser.now() <= warning;
      // Who signs in at Finch uses the page, though it notices nothing of it.
      if (embedded && !final) api.stay().then(core.used, () => {});
      else if (!busy || final) core.set({ soon: final ? "final" : "idle" });
    }
  };

  return {
    tick,
    stay,
    /** The customer knows that it ends; it is not said again. */
    close: () => {
      told = true;
      core.set({ soon: null });
    },
    /** Ends the session for good. */
    leave: async () => {
      core.set({ soon: null });
      await core.attempt(() => api.leave());
      core.end();
    },
  };
};
