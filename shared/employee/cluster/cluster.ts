/** Pairs joined into people, strongest first, and never across a pair that cannot be one person. */

/** A pair that may be joined. */
export interface Edge {
  /** The first of the two in the order of people. */
  readonly a: number;
  readonly b: number;
  readonly bits: number;
}

/** What clustering asks. */
export interface ClusterRules {
  /** The order of people: the same whatever the input's order. */
  readonly order: (one: number, other: number) => number;
  /** Whether two clusters may be one, by all that their members show of each other. */
  readonly mayJoin: (one: readonly number[], other: readonly number[]) => boolean;
  /** Whether the platform has said that two are not the same. */
  readonly areDenied: (one: number, other: number) => boolean;
}

/** Clusters of two or more, and the pairs that joined each. */
export interface Clusters {
  readonly clusters: readonly (readonly number[])[];
  readonly joins: readonly (readonly (readonly [number, number])[])[];
}

/**
 * Joins the edges of one connected part, best first; an edge is refused when it would bring two together that may not meet
 * (agglomerative clustering with cannot-links, Wagstaff and Cardie, ICML 2000).
 *
 * @param forced pairs that the platform has said are the same, each in its order; joined before all others
 */
export const cluster = (
  edges: readonly Edge[],
  forced: readonly (readonly [number, number])[],
  { order, mayJoin, areDenied }: ClusterRules,
): Clusters => {
  const clusterOf = new Map<number, { members: number[]; joins: (readonly [number, number])[] }>();
  const of = (person: number) => {
    const known = clusterOf.get(person);
    if (known) return known;
    const own = { members: [person], joins: [] };
    clusterOf.set(person, own);
    return own;
  };
  const join = (a: number, b: number, isAllowed: ClusterRules["mayJoin"]): void => {
    const [one, other] = [of(a), of(b)];
    if (one === other || !isAllowed(one.members, other.members)) return;
    one.members.push(...other.members);
    one.joins.push(...other.joins, [a, b]);
    for (const person of other.members) clusterOf.set(person, one);
  };
  for (const [a, b] of forced)
    join(a, b, (some, others) => !some.some((one) => others.some((other) => areDenied(one, other))));
  const ordered = edges.toSorted(
    (one, other) => other.bits - one.bits || order(one.a, other.a) || order(one.b, other.b),
  );
  for (const { a, b } of ordered) join(a, b, mayJoin);
  const found = [...new Set(clusterOf.values())].filter(({ members }) => members.length > 1);
  return { clusters: found.map(({ members }) => members), joins: found.map(({ joins }) => joins) };
};
