import { type Decision, identityOf } from "./record.ts";

/**
 * What the platform has decided, by identity. It stands above all evidence; of two that contradict each other, the one that
 * keeps people apart holds, since a wrong merge shows one person's data to another.
 */
export class Decisions {
  readonly #same = new Map<string, Set<string>>();
  readonly #different = new Map<string, Set<string>>();

  constructor(decisions: readonly Decision[] = []) {
    for (const decision of decisions.filter(({ same }) => same)) this.add(decision);
    for (const decision of decisions.filter(({ same }) => !same)) this.add(decision);
  }

  /** Takes a decision; it replaces an older one of the same two. Returns their identities. */
  add({ a, b, same }: Decision): readonly [string, string] {
    const [one, other] = [identityOf(a), identityOf(b)];
    const [into, outOf] = same ? [this.#same, this.#different] : [this.#different, this.#same];
    for (const [left, right] of [
      [one, other],
      [other, one],
    ] as const) {
      outOf.get(left)?.delete(right);
      const known = into.get(left) ?? new Set();
      into.set(left, known.add(right));
    }
    return [one, other];
  }

  /** Who was decided to be the same as this one. */
  sameAs(identity: string): ReadonlySet<string> {
    return this.#same.get(identity) ?? nobody;
  }

  areDifferent(one: string, other: string): boolean {
    return this.#different.size > 0 && this.#different.get(one)?.has(other) === true;
  }
}

const nobody: ReadonlySet<string> = new Set();
