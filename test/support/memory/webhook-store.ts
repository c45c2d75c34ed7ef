import { mostParkedInAnHour, type WebhookStore } from "#shared/connection/webhook-ports.ts";
import type { MemoryState } from "./state.ts";

/** What is remembered of webhooks, in memory. */
export const createMemoryWebhookStore = (state: MemoryState): WebhookStore => ({
  async hasSeen(finchEventId) {
    return state.seenWebhooks.has(finchEventId);
  },

  async park(connectionId, now, most = mostParkedInAnHour) {
    const parked = state.parked.get(connectionId);
    if (parked !== undefined) {
      state.parked.set(connectionId, { ...parked, lastSeenAt: now, count: parked.count + 1 });
      return "parked";
    }
    const hour = now.toISOString().slice(0, 13);
    const inHour = state.parkings.get(hour) ?? 0;
    if (inHour >= most) return "full";
    state.parkings.set(hour, inHour + 1);
    state.parked.set(connectionId, { firstSeenAt: now, lastSeenAt: now, count: 1 });
    return "parked";
  },
});
