import type { CheckPauseStore } from "#shared/connection/due-ports.ts";
import { copy, type MemoryState } from "./state.ts";

/** Whether the sweep of checks pauses, in memory. */
export const createMemoryCheckPauseStore = (state: MemoryState): CheckPauseStore => ({
  async find() {
    return copy(state.checkPause);
  },

  async pause(pause) {
    state.checkPause = { ...state.checkPause, pause: copy(pause) };
  },

  async resume(trustedUntil) {
    state.checkPause = { pause: undefined, trustedUntil: copy(trustedUntil) ?? state.checkPause.trustedUntil };
  },
});
