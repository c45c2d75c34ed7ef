/** Who is linked to whom, and grouped with whom. It is long because a run of changes must do just what a run of everything does. */
import { candidatesOf, forEachPair } from "./block/pairs.ts";
import { cluster, type Edge } from "./cluster/cluster.ts";
import { nameClusters } from "./cluster/ids.ts";
import { compare, type Evidence } from "./compare/evidence.ts";
import { decide, type Ruling } from "./decide/decide.ts";
import { posterior, weigh } from "./decide/weigh.ts";
import type { Decisions } from "./decisions.ts";
import type { Person } from "./normalise/person.ts";
import { compareText } from "./record.ts";
import type { Roster } from "./roster.ts";

/** A decision on two people, and what it rests on. */
export interface Judgement {
  readonly evidence: Evidence;
  /** The odds that they are one, in bits. */
  readonly odds: number;
  readonly ruling: Ruling;
}

/** A pair that is the same, or possibly so, by itself. */
export interface Link extends Edge {
  readonly isSame: boolean;
}

/** One employee: whose records, and which pairs joined them. */
export interface Group {
  employeeId: string;
  /** Numbers of people, ordered by identity. */
  readonly members: readonly number[];
  readonly identities: readonly string[];
  readonly joins: readonly (readonly [number, number])[];
}

/** Links people and groups them; all of it can be done for a few of them only. */
export class Engine {
  readonly roster: Roster;
  readonly decisions: Decisions;
  /** By person. */
  readonly links: (Link[] | undefined)[] = [];
  readonly groups: (Group | undefined)[] = [];
  /** How many groups have an id: the ids that are taken. */
  readonly byId = new Map<string, Group>();
  /** How many pairs were compared so far. */
  compared = 0;

  constructor(roster: Roster, decisions: Decisions) {
    this.roster = roster;
    this.decisions = decisions;
  }

  person(number: number): Person {
    return this.roster.people[number] as Person;
  }

  judge(one: number, other: number): Judgement {
    const { words, frequency } = this.roster;
    const [a, b] = [this.person(one), this.person(other)];
    const evidence = compare(a, b, words, frequency);
    const odds = posterior(weigh(evidence, a, frequency), frequency);
    return { evidence, odds, ruling: decide(evidence, odds) };
  }

  /** Links everybody. `onProgress` is told how many blocks of all are done. */
  linkAll(): void {
    forEachPair(this.roster.index, this.roster.people, (one, other) => this.#link(one, other));
  }

  /** Links a person anew, whose links were taken away. */
  linkAnew(number: number): void {
    for (const other of candidatesOf(this.roster.index, this.roster.people, number)) {
      if (!this.links[number]?.some(({ a, b }) => a === other || b === other)) this.#link(number, other);
    }
  }

  /** Takes a person's links away, and returns whom they led to. */
  unlink(number: number): readonly number[] {
    const own = this.links[number] ?? [];
    this.links[number] = undefined;
    return own.map(({ a, b }) => {
      const other = a === number ? b : a;
      this.links[other] = this.links[other]?.filter((link) => link.a !== number && link.b !== number);
      return other;
    });
  }

  #link(one: number, other: number): void {
    this.compared += 1;
    const { ruling, odds } = this.judge(one, other);
    if (ruling.outcome !== "same" && ruling.outcome !== "possible") return;
    const [a, b] = this.order(one, other) < 0 ? [one, other] : [other, one];
    const link: Link = { a, b, bits: odds, isSame: ruling.outcome === "same" };
    for (const end of [a, b]) {
      const links = this.links[end];
      if (links) links.push(link);
      else this.links[end] = [link];
    }
  }

  /** The order of people: that of their identities, so that no input's order and no run changes it. */
  readonly order = (one: number, other: number): number =>
    compareText(this.person(one).identity, this.person(other).identity);

  /** Whether two may be one employee's: not when the platform, or what they show, says no. */
  readonly mayMeet = (one: number, other: number): boolean =>
    !this.decisions.areDifferent(this.person(one).identity, this.person(other).identity) &&
    this.judge(one, other).ruling.outcome !== "unlike";

  /**
   * Whether two clusters may be one. Two records that cannot be one person keep them apart, unless far more pairs across are the
   * same by themselves: then it is one record that has an error.
   */
  readonly mayJoin = (some: readonly number[], others: readonly number[]): boolean => {
    let [same, unlike] = [0, 0];
    for (const one of some) {
      for (const other of others) {
        if (this.decisions.areDifferent(this.person(one).identity, this.person(other).identity)) return false;
        const { outcome } = this.judge(one, other).ruling;
        if (outcome === "same") same += 1;
        else if (outcome === "unlike" && !this.#isDecided(one, some) && !this.#isDecided(other, others)) unlike += 1;
      }
    }
    return unlike === 0 || same > 2 * unlike;
  };

  /** Whether somebody is in a cluster by the platform's word, and so need not be like the others. */
  #isDecided(person: number, members: readonly number[]): boolean {
    const same = this.decisions.sameAs(this.person(person).identity);
    return same.size > 0 && members.some((member) => same.has(this.person(member).identity));
  }

  /** Whom a person is joined to for certain or by the platform's word, if only by themselves. */
  #joined(number: number): number[] {
    const found = (this.links[number] ?? []).flatMap(({ a, b, isSame }) => (isSame ? (a === number ? b : a) : []));
    for (const identity of this.decisions.sameAs(this.person(number).identity)) {
      const other = this.roster.numbers.get(identity);
      if (other !== undefined) found.push(other);
    }
    return found;
  }

  /**
   * Groups these people, and all that hang together with them, anew.
   *
   * @param before which employee id a record had
   * @param dissolved takes the groups, by id, that were there before
   * @returns the groups that are there now
   */
  group(
    seeds: Iterable<number>,
    before: (identity: string) => string | undefined,
    dissolved: Map<string, Group> = new Map(),
  ): readonly Group[] {
    const done = new Set<number>();
    const made: Group[] = [];
    const parts: number[][] = [];
    // A group that is touched is made anew as a whole: its other members are seeds, too.
    const queue = [...seeds];
    for (const seed of queue) {
      if (done.has(seed) || !this.roster.people[seed]) continue;
      done.add(seed);
      const part = [seed];
      for (const member of part) {
        queue.push(...this.#dissolve(member, dissolved));
        for (const other of this.#joined(member)) {
          if (!done.has(other)) {
            done.add(other);
            part.push(other);
          }
        }
      }
      parts.push(part);
    }
    for (const part of parts) made.push(...this.#groupPart(part));
    const named = nameClusters(made, before, (id) => this.byId.has(id));
    for (const group of made) {
      group.employeeId = named.get(group) ?? "";
      this.byId.set(group.employeeId, group);
      for (const member of group.members) this.groups[member] = group;
    }
    return made;
  }

  /** Dissolves the group of a person, once, and returns its members. */
  #dissolve(number: number, dissolved: Map<string, Group>): readonly number[] {
    const group = this.groups[number];
    if (!group || this.byId.get(group.employeeId) !== group) return [];
    this.byId.delete(group.employeeId);
    dissolved.set(group.employeeId, group);
    return group.members;
  }

  /** Lets a person go, and returns the others of the group. */
  leave(number: number, dissolved: Map<string, Group>): readonly number[] {
    const others = this.#dissolve(number, dissolved).filter((member) => member !== number);
    this.groups[number] = undefined;
    return others;
  }

  #groupPart(part: readonly number[]): Group[] {
    if (part.length === 1) return [this.#groupOf(part, [])];
    const edges = part.flatMap((member) =>
      (this.links[member] ?? []).filter(({ a, isSame }) => isSame && a === member),
    );
    const { clusters, joins } = cluster(edges, this.#forced(part), {
      order: this.order,
      mayJoin: this.mayJoin,
      areDenied: (one, other) => this.decisions.areDifferent(this.person(one).identity, this.person(other).identity),
    });
    const grouped = new Set(clusters.flat());
    return [
      ...clusters.map((members, at) => this.#groupOf(members, joins[at] ?? [])),
      ...part.filter((member) => !grouped.has(member)).map((member) => this.#groupOf([member], [])),
    ];
  }

  #forced(part: readonly number[]): (readonly [number, number])[] {
    const forced: (readonly [number, number])[] = [];
    for (const member of part.toSorted(this.order)) {
      for (const identity of [...this.decisions.sameAs(this.person(member).identity)].sort(compareText)) {
        const other = this.roster.numbers.get(identity);
        if (other !== undefined && this.order(member, other) < 0) forced.push([member, other]);
      }
    }
    return forced;
  }

  #groupOf(members: readonly number[], joins: Group["joins"]): Group {
    const ordered = members.length > 1 ? members.toSorted(this.order) : members;
    return { employeeId: "", members: ordered, identities: ordered.map((at) => this.person(at).identity), joins };
  }
}
