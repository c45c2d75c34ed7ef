import { CallFailed } from "../api/page-api.ts";
import type { PageApi } from "../api/types.ts";
import type { Connection } from "../model/connection.ts";
import type { PageBrowser } from "./browser.ts";
import type { Core } from "./core.ts";
import { checked, kept, removing } from "./flashes.ts";

/** What the customer does about connections that are there. */
export const createChangeActions = (core: Core, api: PageApi, browser: PageBrowser) => {
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      browser.later(resolve, milliseconds);
    });

  /** Looks again while something is being removed or fetched, ever more seldom, and only as long as somebody may be looking. */
  const watch = async () => {
    for (const milliseconds of [3_000, 5_000, 8_000, 13_000, 21_000, 34_000, 55_000, 60_000, 60_000]) {
      await pause(milliseconds);
      const { connections, screen } = core.state();
      const moving = connections.some(
        ({ status, companies, isLookedAt }) =>
          !isLookedAt ||
          ["disconnecting", "processing"].includes(status) ||
          companies.some((one) => one.status === "disconnecting"),
      );
      if (screen !== "list" || !moving) return;
      if (browser.isVisible()) await core.refresh();
    }
  };
  let watching = false;
  const beginWatching = () => {
    if (watching) return;
    watching = true;
    void watch().finally(() => {
      watching = false;
    });
  };

  return {
    beginWatching,
    /** Removes a connection. `changed` when it is not what was previewed any more: then nothing was done. */
    remove: async (connection: Connection, version: number): Promise<"changed" | "done"> => {
      const result = await core.attempt(async () => {
        try {
          core.replace(await api.remove(connection.id, version));
          return "done";
        } catch (error) {
          if (error instanceof CallFailed && error.code === "connection_changed") return "changed";
          throw error;
        }
      });
      if (result === "changed") return "changed";
      if (result === "done") core.set({ dialog: null, flash: removing(connection, null), focus: "list" });
      beginWatching();
      return "done";
    },
    /** Removes some of a connection's companies, one after the other. */
    removeCompanies: async (connection: Connection, companyIds: readonly string[]) => {
      let begun = 0;
      await core.attempt(async () => {
        for (const companyId of companyIds) {
          core.replace(await api.removeCompany(connection.id, companyId));
          begun += 1;
        }
      });
      // Also after a failure in between: as many as it says are being removed, and the list shows which.
      if (begun > 0 && core.state().screen === "list") {
        core.set({ dialog: null, flash: removing(connection, begun), focus: "list" });
      }
      beginWatching();
    },
    /** Says that connections that look like one employer's are all wanted. */
    keep: async ([first, ...others]: readonly Connection[]) => {
      if (first === undefined) return;
      const done = await core.attempt(async () => {
        core.replace(await api.keep(first.id));
        // Each pair is a decision of its own: two of the others may be alike, too.
        for (const other of others.slice(0, -1)) core.replace(await api.keep(other.id));
        return true;
      });
      if (!done) return;
      await core.refresh();
      core.set({ dialog: null, flash: kept, focus: "list" });
    },
    /** Has Finch asked about a connection, and shows what it says. */
    check: async (connection: Connection) => {
      const now = await core.attempt(async () => {
        await api.check(connection.id);
        await pause(3_000);
        return api.connection(connection.id);
      });
      if (now === undefined) return;
      core.replace(now);
      core.set({ flash: checked(now), focus: "flash" });
    },
  };
};
