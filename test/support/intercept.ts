/** A call of a port: about to be made, or made (or failed). */
export interface PortCall {
  /** Such as `connections.claim`. */
  readonly name: string;
  readonly moment: "before" | "after";
}

/** Is told of each call, and holds it up as long as it likes. What it throws is thrown at the caller. */
export type MeetCall = (call: PortCall) => Promise<void>;

/** What answers at once, and so is no place where another caller can come in between. */
const immediate = new Set(["now", "newId", "randomBytes"]);

/**
 * Dependencies of a use case whose every asynchronous call is announced before and after its effect. Nothing is listed:
 * a port that is added is met too.
 */
export const intercept = <Dependencies extends object>(dependencies: Dependencies, meet: MeetCall): Dependencies =>
  wrap(dependencies, "", meet);

const wrap = <Wrapped extends object>(target: Wrapped, path: string, meet: MeetCall): Wrapped =>
  new Proxy(target, {
    get: (from, key, receiver) => {
      const value = Reflect.get(from, key, receiver);
      const name = `${path}${String(key)}`;
      if (typeof value === "function") {
        return immediate.has(name) ? value : announced((...args) => value.apply(from, args), name, meet);
      }
      return isPort(value) ? wrap(value, `${name}.`, meet) : value;
    },
  });

const isPort = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.values(value).some((member) => typeof member === "function");

const announced =
  (call: (...args: unknown[]) => unknown, name: string, meet: MeetCall) =>
  async (...args: unknown[]) => {
    await meet({ name, moment: "before" });
    let failure: { readonly error: unknown } | undefined;
    let answer: unknown;
    try {
      answer = await call(...args);
    } catch (error) {
      failure = { error };
    }
    await meet({ name, moment: "after" });
    if (failure !== undefined) throw failure.error;
    return answer;
  };
