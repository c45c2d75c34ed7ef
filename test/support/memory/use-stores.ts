import type { AuditStore } from "#shared/connection/audit.ts";
import type { FindNewestTokens } from "#shared/use/open-token.ts";
import { copy, keyOf, type MemoryState } from "./state.ts";

/** Who used which token, in memory. */
export const createMemoryAuditStore = (state: MemoryState): AuditStore => ({
  async record(entry) {
    state.audit.push(copy(entry));
  },

  async list(customerId, { limit, from, connectionId }) {
    const position = (at: string, auditId: string) => keyOf(at, auditId);
    const rest = state.audit
      .filter((entry) => entry.customerId === customerId)
      .map((entry) => ({ entry, position: position(entry.at.toISOString(), entry.auditId) }))
      .filter(({ position: its }) => from === undefined || its < position(from.at, from.auditId))
      .toSorted((a, b) => (a.position < b.position ? 1 : -1));
    const read = connectionId === undefined ? rest.slice(0, limit + 1) : rest.slice(0, limit * 4);
    state.itemsRead += read.length;
    const found = read.filter(({ entry }) => connectionId === undefined || entry.connectionId === connectionId);
    const items = found.slice(0, limit).map(({ entry }) => copy(entry));
    const isLast = found.length <= limit && read.length === rest.length;
    const last = found.length > limit ? items.at(-1) : read.at(-1)?.entry;
    return {
      items,
      next: isLast || last === undefined ? undefined : { at: last.at.toISOString(), auditId: last.auditId },
    };
  },
});

/** A connection's newest tokens, in memory. */
export const createMemoryNewestTokens =
  (state: MemoryState): FindNewestTokens =>
  async (customerId, connectionId) =>
    [...state.tokens]
      .filter(([key]) => key.startsWith(keyOf(customerId, connectionId, "")))
      .map(([, token]) => copy(token))
      .toSorted((a, b) => (a.record.tokenId < b.record.tokenId ? 1 : -1))
      .slice(0, 5);
