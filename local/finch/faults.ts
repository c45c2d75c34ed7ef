/**
 * Faults that a test queues: each is used up by the next calls of its path, in the order in which they were queued.
 * They differ in what matters to a caller: whether the effect has happened, and what of the answer arrives.
 */
import { type ErrorKind, errorKinds, errorReply, findErrorKind } from "./errors.ts";
import { asObject, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import { sha256 } from "./model.ts";

const lateKinds = ["delay", "delay_before"] as const;
const plainKinds = ["timeout", "answer_lost", "reset_before", "unreadable"] as const;

/** One kind of trouble. */
export type Trouble =
  /** Finch refuses; nothing happens. */
  | { readonly kind: "error"; readonly error: ErrorKind }
  /** `timeout`: no effect and no answer, until the caller hangs up. `reset_before`: no effect, the socket closes.
   *  `answer_lost`: the effect happens, then the socket closes. `unreadable`: the effect, then a 200 cut in half. */
  | { readonly kind: (typeof plainKinds)[number] }
  /** `delay`: the effect happens at once, the answer comes late. `delay_before`: both come late, and the effect comes
   *  even when the caller has hung up. */
  | { readonly kind: (typeof lateKinds)[number]; readonly ms: number }
  /** A good answer with other, more or fewer fields. */
  | { readonly kind: "override"; readonly body: object; readonly remove: readonly string[] };

/** A trouble that waits for calls: it lets `skip` of them pass and meets the `remaining` ones that follow. */
export type Fault = {
  readonly path: string;
  /** Only calls with a token of this connection; undefined means all calls. */
  readonly connectionId: string | undefined;
  /** Only exchanges of the code with this hash; undefined means all calls. */
  readonly codeHash: string | undefined;
  readonly trouble: Trouble;
  skip: number;
  /** Infinity until it is cleared. */
  remaining: number;
};

/** A call that may meet a fault: its path, the connection of its token, the hash of the code that it exchanges. */
export type FaultyCall = Partial<Pick<Fault, "connectionId" | "codeHash">> & Pick<Fault, "path">;

/** The faults of one simulator. */
export type FaultQueue = {
  add(fault: Fault): void;
  /** Uses up one fault of such a call, the oldest first; none when the oldest lets this call pass. */
  take(call: FaultyCall): Trouble | undefined;
  /** Those of one connection, or all. */
  clear(connectionId?: string): void;
  list(): readonly Fault[];
};

/** An empty queue. */
export const createFaultQueue = (): FaultQueue => {
  let faults: Fault[] = [];
  return {
    add: (fault) => {
      faults.push(fault);
    },
    take: ({ path, connectionId, codeHash }) => {
      const fault = faults.find(
        (waiting) =>
          waiting.path === path &&
          (waiting.connectionId ?? connectionId) === connectionId &&
          (waiting.codeHash ?? codeHash) === codeHash,
      );
      if (!fault) return undefined;
      if (fault.skip > 0) {
        fault.skip -= 1;
        return undefined;
      }
      fault.remaining -= 1;
      if (fault.remaining === 0) faults = faults.filter((waiting) => waiting !== fault);
      return fault.trouble;
    },
    clear: (connectionId) => {
      faults = connectionId === undefined ? [] : faults.filter((fault) => fault.connectionId !== connectionId);
    },
    list: () => faults,
  };
};

/** What is to be done to the socket. */
export type Outcome =
  | { readonly send: Reply; readonly afterMs: number }
  | { readonly respond: () => Reply; readonly afterMs: number }
  | { readonly hangUp: true }
  | { readonly stayMute: true };

/** Lets the call have its effect, or not, and its answer, or not. */
export const answerWith = (trouble: Trouble | undefined, respond: () => Reply): Outcome => {
  switch (trouble?.kind) {
    case undefined:
      return { send: respond(), afterMs: 0 };
    case "error":
      return { send: errorReply(trouble.error), afterMs: 0 };
    case "timeout":
      return { stayMute: true };
    case "reset_before":
      return { hangUp: true };
    case "answer_lost":
      respond();
      return { hangUp: true };
    case "delay":
      return { send: respond(), afterMs: trouble.ms };
    case "delay_before":
      return { respond, afterMs: trouble.ms };
    case "unreadable":
      return { send: cutInHalf(respond()), afterMs: 0 };
    case "override":
      return { send: withFields(respond(), trouble.body, trouble.remove), afterMs: 0 };
  }
};

const cutInHalf = (reply: Reply): Reply => ({
  ...reply,
  status: 200,
  body: reply.body.slice(0, Math.ceil(reply.body.length / 2)),
});

const withFields = (reply: Reply, body: object, remove: readonly string[]): Reply => {
  const good = reply.status >= 200 && reply.status < 300 ? parseJsonObject(reply.body) : undefined;
  if (!good) return reply;
  const kept = Object.entries({ ...good, ...body }).filter(([field]) => !remove.includes(field));
  return { ...jsonReply(reply.status, Object.fromEntries(kept)), headers: reply.headers };
};

/**
 * Parses `{path, kind, connection_id?, code?, times?, skip?, ms?, body?, remove?}`. `kind` is a trouble, or any name of one of
 * Finch's errors; `times` is 1, another number or `until_cleared`.
 *
 * @returns a sentence that names the bad field, when there is one.
 */
export const parseFault = (value: unknown): Fault | { readonly refused: string } => {
  const { path, kind, connection_id: connectionId, code, skip = 0, ms, body, ...more } = asObject(value) ?? {};
  const { times = 1, remove = [] } = more;
  if (typeof path !== "string" || !path.startsWith("/")) return { refused: "path must be the path of a call" };
  if (connectionId !== undefined && typeof connectionId !== "string")
    return { refused: "connection_id must be a string" };
  if (code !== undefined && typeof code !== "string") return { refused: "code must be a string" };
  const remaining = times === "until_cleared" ? Number.POSITIVE_INFINITY : times;
  if (typeof remaining !== "number" || remaining < 1 || (times === remaining && !Number.isInteger(times))) {
    return { refused: "times must be 1 or more, or until_cleared" };
  }
  if (typeof skip !== "number" || !Number.isInteger(skip) || skip < 0) return { refused: "skip must be 0 or more" };
  const codeHash = code === undefined ? undefined : sha256(code);
  const trouble = parseTrouble(kind, ms, body, remove);
  return "refused" in trouble ? trouble : { path, connectionId, codeHash, trouble, skip, remaining };
};

const parseTrouble = (
  kind: unknown,
  ms: unknown,
  body: unknown,
  remove: unknown,
): Trouble | { readonly refused: string } => {
  const plain = plainKinds.find((known) => known === kind);
  if (plain) return { kind: plain };
  const late = lateKinds.find((known) => known === kind);
  if (late) {
    return typeof ms === "number" && ms >= 0 ? { kind: late, ms } : { refused: "ms must be the delay in milliseconds" };
  }
  if (kind === "override") {
    const fields = body === undefined ? {} : asObject(body);
    const removed = Array.isArray(remove) ? remove.filter((field) => typeof field === "string") : undefined;
    return fields && removed ? { kind, body: fields, remove: removed } : { refused: "body must be an object" };
  }
  const error = typeof kind === "string" ? findErrorKind(kind) : undefined;
  if (error) return { kind: "error", error };
  return { refused: `kind must be one of ${[...plainKinds, ...lateKinds, "override", ...errorKinds].join(", ")}` };
};
