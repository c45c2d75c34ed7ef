import type { Customer } from "#shared/connection/customer.ts";
import type { CustomerStore } from "#shared/connection/store-ports.ts";
import { ok, refuse } from "#shared/result.ts";
import { copy, keyOf, type MemoryState } from "./state.ts";

/** Customers in memory. */
export const createMemoryCustomerStore = (state: MemoryState): CustomerStore => ({
  async put({ customerId, name, email, mode, metadata }, { incarnation, defaultMode, now }) {
    const before = state.customers.get(customerId);
    if (before !== undefined && before.deletion !== null) return refuse("customer_deleting");
    if (mode === "single" && before !== undefined && before.connectionCount > 1) return refuse("connection_limit");
    const customer: Customer = {
      customerId,
      name,
      email,
      mode: mode ?? before?.mode ?? defaultMode,
      metadata,
      incarnation: before?.incarnation ?? incarnation,
      connectionCount: before?.connectionCount ?? 0,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      deletion: null,
    };
    state.customers.set(customerId, copy(customer));
    // Told by the incarnation, so that a write that is sent twice says the same twice.
    return ok({ customer: copy(customer), created: customer.incarnation === incarnation });
  },

  async find(customerId) {
    return copy(state.customers.get(customerId));
  },

  async list({ limit, from }) {
    const start = from && keyOf(from.createdAt, from.customerId);
    const rest = [...state.customers.values()]
      .filter((customer) => start === undefined || positionOf(customer) < start)
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
    const items = rest.slice(0, limit);
    state.itemsRead += Math.min(rest.length, limit + 1);
    const last = items.at(-1);
    const next =
      rest.length > limit && last !== undefined
        ? { createdAt: last.createdAt.toISOString(), customerId: last.customerId }
        : undefined;
    return { items: copy(items), next };
  },
});

const positionOf = (customer: Customer) => keyOf(customer.createdAt.toISOString(), customer.customerId);
