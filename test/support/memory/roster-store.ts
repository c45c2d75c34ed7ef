import type { CustomerId } from "#shared/connection/identifiers.ts";
import { identityOf } from "#shared/employee/record.ts";
import { ok, refuse } from "#shared/result.ts";
import type { KeptDecision, RosterStore } from "#shared/roster/ports.ts";
import { type Roster, unreadConnection } from "#shared/roster/roster.ts";
import { copy, keyOf, type MemoryState, putTraces } from "./state.ts";

/** Rosters, how far they are, and what the platform has decided, in memory. */
export const createMemoryRosterStore = (state: MemoryState): RosterStore => {
  const rosterKey = ({ customerId, rosterId }: Pick<Roster, "customerId" | "rosterId">) => keyOf(customerId, rosterId);
  const pairKey = (customerId: CustomerId, { a, b }: Pick<KeptDecision, "a" | "b">) =>
    keyOf(customerId, ...[identityOf(a), identityOf(b)].toSorted());
  const refusalOf = (customerId: CustomerId) => {
    const customer = state.customers.get(customerId);
    if (customer === undefined) return "customer_unknown";
    return customer.deletion === null ? undefined : "customer_deleting";
  };
  const change = (roster: Pick<Roster, "customerId" | "rosterId">, changes: Partial<Roster>): boolean => {
    const stored = state.rosters.get(rosterKey(roster));
    if (stored?.state !== "running") return false;
    state.rosters.set(rosterKey(roster), copy({ ...stored, ...changes }));
    return true;
  };

  return {
    current: async (customerId) => copy(state.currentRosters.get(customerId) ?? { running: null, newest: null }),
    find: async (customerId, rosterId) => copy(state.rosters.get(rosterKey({ customerId, rosterId }))),

    async begin(roster, instead, entries) {
      const refusal = refusalOf(roster.customerId);
      if (refusal !== undefined) return refuse(refusal);
      const current = state.currentRosters.get(roster.customerId) ?? { running: null, newest: null };
      if (current.running !== null && current.running !== instead) return refuse("changed");
      state.currentRosters.set(roster.customerId, { ...current, running: roster.rosterId });
      state.rosters.set(rosterKey(roster), copy(roster));
      putTraces(state, entries);
      return ok(undefined);
    },

    async countExecution(roster) {
      const stored = state.rosters.get(rosterKey(roster));
      return stored?.execution === roster.execution - 1 && change(roster, { execution: roster.execution });
    },

    async stop(roster) {
      const stored = state.rosters.get(rosterKey(roster));
      return stored?.execution === roster.execution && change(roster, { stoppedExecution: roster.execution });
    },

    async plan(roster, connectionIds, ssnKey) {
      const { customerId, rosterId } = roster;
      const isFirst = ![...state.rosterReads.keys()].some((key) => key.startsWith(keyOf(customerId, rosterId, "")));
      if (!change(roster, isFirst ? { ssnKey } : {})) return false;
      for (const connectionId of connectionIds) {
        const key = keyOf(customerId, rosterId, connectionId);
        if (!state.rosterReads.has(key)) state.rosterReads.set(key, unreadConnection(connectionId));
      }
      return true;
    },

    findRead: async (customerId, rosterId, connectionId) =>
      copy(state.rosterReads.get(keyOf(customerId, rosterId, connectionId))),

    reads: async (customerId, rosterId) =>
      [...state.rosterReads].flatMap(([key, read]) =>
        key.startsWith(keyOf(customerId, rosterId, "")) ? [copy(read)] : [],
      ),

    async replaceRead(roster, read) {
      const key = keyOf(roster.customerId, roster.rosterId, read.connectionId);
      if (state.rosters.get(rosterKey(roster))?.state !== "running") return false;
      if (state.rosterReads.get(key)?.version !== read.version - 1) return false;
      state.rosterReads.set(key, copy(read));
      return true;
    },

    async releaseRead({ customerId, rosterId }, read) {
      const key = keyOf(customerId, rosterId, read.connectionId);
      if (state.rosterReads.get(key)?.version === read.version) {
        state.rosterReads.set(key, copy({ ...read, leaseUntil: null }));
      }
    },

    lease: async (roster, leaseUntil) => change(roster, { leaseUntil }),

    async release(roster, until) {
      const stored = state.rosters.get(rosterKey(roster));
      if (stored?.leaseUntil?.getTime() === until.getTime()) {
        state.rosters.set(rosterKey(roster), { ...stored, leaseUntil: null });
      }
    },

    async publish(roster, outcome, now, events) {
      const current = state.currentRosters.get(roster.customerId);
      if (current?.running !== roster.rosterId) return false;
      if (!change(roster, { state: "ready", outcome, finishedAt: now, leaseUntil: null })) return false;
      state.currentRosters.set(roster.customerId, { running: null, newest: roster.rosterId });
      putTraces(state, events);
      return true;
    },

    fail: async (roster, reason, now) => change(roster, { state: "failed", reason, finishedAt: now, leaseUntil: null }),

    decisions: async (customerId) =>
      [...state.decisions].flatMap(([key, decision]) =>
        key.startsWith(keyOf(customerId, "")) ? [copy(decision)] : [],
      ),
    findDecision: async (customerId, pair) => copy(state.decisions.get(pairKey(customerId, pair))),

    async decide(customerId, decision, entries) {
      const refusal = refusalOf(customerId);
      if (refusal !== undefined) return refuse(refusal);
      const key = pairKey(customerId, decision);
      if ((state.decisions.get(key)?.version ?? 0) !== decision.version - 1) return refuse("changed");
      state.decisions.set(key, copy(decision));
      putTraces(state, entries);
      return ok(undefined);
    },
  };
};
