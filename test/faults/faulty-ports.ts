import type { Finch, Unanswered } from "#shared/connection/finch-port.ts";

/** What may happen to one call of a port. */
const faults = [
  "fails before its effect",
  "fails after its effect",
  "is throttled",
  "times out",
  "loses its answer",
  "answers after 40 s",
  "never answers",
  "dies before its effect",
  "dies after its effect",
] as const;
export type Fault = (typeof faults)[number];

/** What may happen to a call of this function: a timer does not fail, it is late or its process dies. */
export const faultsOf = (name: string): readonly Fault[] =>
  name === "sleep"
    ? ["answers after 40 s", "never answers", "dies before its effect", "dies after its effect"]
    : faults;

/** Which call, counted from 1, and what happens to it. */
export interface Point {
  readonly call: number;
  readonly fault: Fault;
}

/** Time, as far as faults need it: to look at it, and to let it pass. */
export interface Clock {
  readonly now: () => Date;
  readonly advance: (milliseconds: number) => void;
}

/** A process that calls ports, of which some calls go wrong. */
export interface FaultyProcess<Ports extends object> {
  readonly ports: Ports;
  /** The calls so far, by the name of the port's function, in their order. */
  readonly calls: readonly string[];
  /** Runs something in this process. A process that dies gives nothing back: `"died"`. */
  readonly run: <Value>(work: () => Promise<Value>) => Promise<Value | "died" | { readonly threw: unknown }>;
  readonly hasDied: () => boolean;
}

/** What a client of AWS waits for an answer before it gives up. */
const patienceMs = 10_000;
/** Functions that answer at once are no awaits; which they are is learnt by calling them, once for all. */
const isAwaited = new Map<string, boolean>();

/**
 * Creates a process around ports. Every function of every port is wrapped, whatever it is called: what comes back as a
 * promise is an await, is counted, and can go wrong. The process dies by itself at `endsAt`.
 */
export const createFaultyProcess = <Ports extends object>(
  ports: Ports,
  { now, advance }: Clock,
  { points = [], endsAt }: { readonly points?: readonly Point[]; readonly endsAt: Date },
): FaultyProcess<Ports> => {
  const calls: string[] = [];
  let isDead = false;
  let announceDeath: (died: "died") => void = () => {};
  const death = new Promise<"died">((resolve) => {
    announceDeath = resolve;
  });
  /** Nothing that this process waits for ever comes back. */
  const die = (): Promise<never> => {
    isDead = true;
    announceDeath("died");
    return new Promise<never>(() => {});
  };

  const inject = async (name: string, fault: Fault, call: () => Promise<unknown>, args: readonly unknown[]) => {
    const timeLimitMs = name === "finch.exchangeCode" ? Number(args[2]) : patienceMs;
    switch (fault) {
      case "fails before its effect":
        return fail(name, "unreachable");
      case "fails after its effect":
        await call();
        return fail(name, "server_error");
      case "is throttled":
        return throttle(name);
      case "times out":
        advance(timeLimitMs);
        return fail(name, "timeout");
      case "loses its answer":
        await call();
        advance(timeLimitMs);
        return fail(name, "timeout");
      case "answers after 40 s": {
        const answer = await call();
        advance(40_000);
        return answer;
      }
      case "never answers":
        advance(Math.max(0, endsAt.getTime() - now().getTime()));
        return die();
      case "dies before its effect":
        return die();
      case "dies after its effect":
        await call();
        return die();
    }
  };

  const callPort = (name: string, target: object, method: Method, args: unknown[]): unknown => {
    if (isDead) return new Promise<never>(() => {});
    const call = () => method.apply(target, args);
    if (isAwaited.get(name) === false) return call();
    if (now() >= endsAt) return die();
    if (!isAwaited.has(name)) {
      const answer = call();
      isAwaited.set(name, answer instanceof Promise);
      if (answer instanceof Promise) calls.push(name);
      return answer;
    }
    calls.push(name);
    const point = points.find((each) => each.call === calls.length && faultsOf(name).includes(each.fault));
    const answer = point === undefined ? call() : inject(name, point.fault, async () => call(), args);
    return Promise.resolve(answer).then((value) => (isDead ? new Promise<never>(() => {}) : value));
  };

  const wrap = <Part extends object>(part: Part, path: string): Part =>
    new Proxy(part, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        const name = path === "" ? String(key) : `${path}.${String(key)}`;
        if (typeof value === "function") return (...args: unknown[]) => callPort(name, target, value as Method, args);
        return typeof value === "object" && value !== null ? wrap(value, name) : value;
      },
    });

  return {
    ports: wrap(ports, ""),
    calls,
    run: (work) => Promise.race([death, work().catch((threw: unknown) => ({ threw }))]),
    hasDied: () => isDead,
  };
};

type Method = (...args: unknown[]) => unknown;

/** The functions of the port to Finch that report trouble as an answer instead of throwing. */
const answersOfFinch: ReadonlySet<string> = new Set<`finch.${keyof Finch}`>([
  "finch.createSession",
  "finch.createReauthentication",
  "finch.exchangeCode",
  "finch.introspect",
  "finch.disconnect",
  "finch.disconnectEntities",
]);

/** How a port's function tells of trouble. */
const fail = (name: string, reason: Unanswered["reason"]): Unanswered => {
  if (answersOfFinch.has(name)) return { kind: "undecided", reason };
  throw new Error(`${name}: ${reason}`);
};

/** Throttled, a transaction is refused as one that met another; all else throws. */
const throttle = (name: string): unknown => {
  switch (name) {
    case "connections.claim":
      return { ok: false, refusal: { reason: "contention" } };
    case "connections.release":
      return { ok: false, refusal: "changed" };
    case "connections.replace":
    case "connections.replaceTogether":
    case "connections.remove":
    case "deletions.eraseSessions":
    case "deletions.complete":
      return false;
    default:
      return fail(name, "rate_limited");
  }
};
