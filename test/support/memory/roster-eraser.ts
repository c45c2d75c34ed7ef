import type { RosterEraser } from "#shared/roster/ports.ts";
import { copy, keyOf, type MemoryState } from "./state.ts";

/** For who has no rosters: there is nothing to erase. */
export const noRosters: RosterEraser = { erase: async () => "gone" };

/** Cancels rosters in memory, and lets them be; they have no pages to erase. */
export const createMemoryRosterEraser = (state: MemoryState): RosterEraser => ({
  async erase(customerId, now) {
    const key = keyOf(customerId, state.currentRosters.get(customerId)?.running ?? "");
    const running = state.rosters.get(key);
    if (running?.state === "running") {
      state.rosters.set(key, copy({ ...running, state: "cancelled", finishedAt: now }));
    }
    return "gone";
  },
});
