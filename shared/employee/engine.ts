/** Who is linked to whom, and grouped with whom. It is long because a run of changes must do just what a run of everything does. */
import { candidatesOf, forEachPair } from "./block/pairs.ts";
import { cluster, type Edge } from "./cluster/cluster.ts";
import { nameClusters } from "./cluster/ids.ts";
import { compare, compareFacts, type Evidence, type Facts } from "./compare/evidence.ts";
import { hasFullName } from "./decide/agreement.ts";
import { decide, isByGivenName, unlikeByFacts } from "./decide/decide.ts";
import type { Ruling } from "./decide/ruling.ts";
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
  readonly ruling: Ruling;
  readonly hasFullName: boolean;
}

/** One employee: whose records, and which pairs joined them. */
export interface Group {
  employeeId: string;
  /** Numbers of people, ordered by identity. */
  readonly members: readonly number[];
  readonly joins: readonly (readonly [number, number])[];
}

const nothing: readonly Link[] = [];
const nobody: readonly number[] = [];
const noJoins: Group["joins"] = [];

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

  judge(one: number, other: number, facts: Facts = this.#factsOf(one, other)): Judgement {
    const { words, frequency } = this.roster;
    const [a, b] = [this.person(one), this.person(other)];
    const evidence = compare(a, b, words, frequency, facts);
    const odds = posterior(weigh(evidence, a, frequency), frequency);
    return { evidence, odds, ruling: decide(evidence, odds) };
  }

  #factsOf(one: number, other: number): Facts {
    return compareFacts(this.person(one), this.person(other), this.roster.frequency);
  }

  /** The ruling of `judge` alone: that of their link, and where a few numbers keep two apart, nothing else is compared. */
  rule(one: number, other: number): Ruling {
    for (const { a, b, ruling } of this.links[one] ?? nothing) if ((a === one ? b : a) === other) return ruling;
    const facts = this.#factsOf(one, other);
    return unlikeByFacts(facts) ?? this.judge(one, other, facts).ruling;
  }

  /** Links everybody. */
  linkAll(): void {
    while (this.links.length < this.roster.people.length) this.links.push(undefined);
    forEachPair(this.roster.blocks, this.roster.words.lists, this.roster.people, (one, other) =>
      this.#link(one, other),
    );
  }

  /** Links a person anew, whose links were taken away. */
  linkAnew(number: number): void {
    const { blocks, words } = this.roster;
    for (const other of candidatesOf(blocks, words.lists, this.person(number).keys)) {
      if (other !== number && !this.links[number]?.some(({ a, b }) => a === other || b === other))
        this.#link(number, other);
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

  /** Whom a person is linked to. */
  neighbours(number: number): readonly number[] {
    return (this.links[number] ?? []).map(({ a, b }) => (a === number ? b : a));
  }

  #link(one: number, other: number): void {
    this.compared += 1;
    const facts = this.#factsOf(one, other);
    if (unlikeByFacts(facts)) return;
    const { evidence, ruling, odds } = this.judge(one, other, facts);
    if (ruling.outcome !== "same" && ruling.outcome !== "possible") return;
    const [a, b] = this.order(one, other) < 0 ? [one, other] : [other, one];
    const link: Link = { a, b, bits: odds, ruling, hasFullName: hasFullName(evidence) };
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
    this.rule(one, other).outcome !== "unlike";

  /**
   * Whether two clusters may be one. Two records that cannot be one person keep them apart, unless far more pairs across are the
   * same by themselves: then it is one record that has an error.
   */
  readonly mayJoin = (some: readonly number[], others: readonly number[]): boolean => {
    const alike = new Set<number>();
    const apart: (readonly [number, number])[] = [];
    let [same, unlike] = [0, 0];
    for (const one of some) {
      for (const other of others) {
        if (this.decisions.areDifferent(this.person(one).identity, this.person(other).identity)) return false;
        const ruling = this.rule(one, other);
        if (ruling.outcome === "same") {
          same += 1;
          alike.add(one).add(other);
        } else if (ruling.outcome === "unlike" && !this.#isDecided(one, some) && !this.#isDecided(other, others)) {
          if (isByGivenName(ruling)) apart.push([one, other]);
          else unlike += 1;
        }
      }
    }
    // Who goes by two names is unlike whoever has the other one; the record beside has both.
    for (const [one, other] of apart) if (!alike.has(one) && !alike.has(other)) unlike += 1;
    return unlike === 0 || same > 2 * unlike;
  };

  /** Whether somebody is in a cluster by the platform's word, and so need not be like the others. */
  #isDecided(person: number, members: readonly number[]): boolean {
    const same = this.decisions.sameAs(this.person(person).identity);
    return same.size > 0 && members.some((member) => same.has(this.person(member).identity));
  }

  /** Whom a person is joined to for certain or by the platform's word, if only by themselves. */
  #joined(number: number): number[] {
    const found: number[] = [];
    for (const { a, b, ruling } of this.links[number] ?? nothing) {
      if (ruling.outcome === "same") found.push(a === number ? b : a);
    }
    for (const identity of this.decisions.sameAs(this.person(number).identity)) {
      const other = this.roster.find(identity);
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
    const parts: (readonly number[])[] = [];
    const queue = [...seeds];
    for (const seed of queue) {
      if (!done.has(seed) && this.roster.people[seed]) parts.push(this.#partOf(seed, done, queue, dissolved));
    }
    while (this.groups.length < this.roster.people.length) this.groups.push(undefined);
    const made = parts.flatMap((part) => this.#groupPart(part));
    const ids = nameClusters(
      made.map(({ members }) => members),
      (member) => this.person(member).identity,
      before,
      (id) => this.byId.has(id),
    );
    for (const [at, group] of made.entries()) this.#take(group, ids[at] ?? "");
    return made;
  }

  /** All who hang together with a person. A group that is touched is made anew as a whole: its other members are seeds, too. */
  #partOf(seed: number, done: Set<number>, seeds: number[], dissolved: Map<string, Group>): readonly number[] {
    done.add(seed);
    const part = [seed];
    for (const member of part) {
      for (const other of this.#dissolve(member, dissolved)) seeds.push(other);
      for (const other of this.#joined(member)) {
        if (done.has(other)) continue;
        done.add(other);
        part.push(other);
      }
    }
    return part;
  }

  #take(group: Group, employeeId: string): void {
    group.employeeId = employeeId;
    this.byId.set(employeeId, group);
    for (const member of group.members) this.groups[member] = group;
  }

  /** Dissolves the group of a person, once, and returns its members. */
  #dissolve(number: number, dissolved: Map<string, Group>): readonly number[] {
    const group = this.groups[number];
    if (!group || this.byId.get(group.employeeId) !== group) return nobody;
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
    if (part.length === 1) return [this.#groupOf(part, noJoins)];
    const edges = part.flatMap((member) =>
      (this.links[member] ?? []).filter(
        (link) =>
          link.a === member && link.ruling.outcome === "same" && !(link.ruling.isWeak && this.#isContested(link)),
      ),
    );
    const { clusters, joins } = cluster(edges, this.#forced(part), {
      order: this.order,
      mayJoin: this.mayJoin,
      areDenied: (one, other) => this.decisions.areDifferent(this.person(one).identity, this.person(other).identity),
    });
    const grouped = new Set(clusters.flat());
    return [
      ...clusters.map((members, at) => this.#groupOf(members, joins[at] ?? [])),
      ...part.filter((member) => !grouped.has(member)).map((member) => this.#groupOf([member], noJoins)),
    ];
  }

  /** Whether somebody may be the one of a pair, and cannot be the other: then nobody can say whose the records are. */
  #isContested({ a, b, hasFullName: isFullName }: Link): boolean {
    const isRival = (one: number, other: number): boolean =>
      (this.links[one] ?? []).some((link) => {
        const rival = link.a === one ? link.b : link.a;
        if (rival === other || this.mayMeet(rival, other)) return false;
        // Who surely goes by another name, too, is no rival of oneself.
        const isSurely = link.ruling.outcome === "same" && !link.ruling.isWeak;
        return !(isFullName && isSurely && isByGivenName(this.rule(rival, other)));
      });
    return isRival(a, b) || isRival(b, a);
  }

  #forced(part: readonly number[]): (readonly [number, number])[] {
    const forced: (readonly [number, number])[] = [];
    for (const member of part.toSorted(this.order)) {
      for (const identity of [...this.decisions.sameAs(this.person(member).identity)].sort(compareText)) {
        const other = this.roster.find(identity);
        if (other !== undefined && this.order(member, other) < 0) forced.push([member, other]);
      }
    }
    return forced;
  }

  #groupOf(members: readonly number[], joins: Group["joins"]): Group {
    return { employeeId: "", members: members.length > 1 ? members.toSorted(this.order) : members, joins };
  }
}
