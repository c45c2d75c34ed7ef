/** Shows what is being done and how long it took. */
export interface Steps {
  /** Does one step; prints its line with its time when it is done. `rename` replaces the words of that line. */
  readonly step: <Value>(what: string, run: (rename: (what: string) => void) => Promise<Value>) => Promise<Value>;
  /** Prints a line of its own. */
  readonly say: (line: string) => void;
}

/** Where the lines go: a terminal can show what is under way, anything else gets finished lines only. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

const eraseLine = "\r\u001b[K";
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Steps that are shown on this screen. */
export const createSteps = (screen: Screen): Steps => {
  const underway = new Map<object, { what: string; since: number }>();
  const isTerminal = screen.isTTY === true;

  const showUnderway = () => {
    if (!isTerminal) return;
    const parts = [...underway.values()].map(({ what, since }) => `${what} ${seconds(since)}`);
    screen.write(`${eraseLine}${parts.length > 0 ? `… ${parts.join(" · ")}` : ""}`);
  };
  const say = (line: string) => {
    screen.write(`${isTerminal ? eraseLine : ""}${line}\n`);
    showUnderway();
  };

  return {
    say,
    async step(what, run) {
      const entry = { what, since: performance.now() };
      underway.set(entry, entry);
      showUnderway();
      const every = isTerminal ? 100 : 10_000;
      const ticking = setInterval(
        () => (isTerminal ? showUnderway() : say(`… ${entry.what}  ${seconds(entry.since)}`)),
        every,
      );
      const finish = (line?: string) => {
        clearInterval(ticking);
        underway.delete(entry);
        if (line === undefined) showUnderway();
        else say(line);
      };
      try {
        const value = await run((words) => {
          entry.what = words;
        });
        finish(`✓ ${entry.what}  ${seconds(entry.since)}`);
        return value;
      } catch (error) {
        // What was given up for another's sake did not fail.
        const isGivenUp = error instanceof Error && error.name === "AbortError";
        finish(isGivenUp ? undefined : `✗ ${entry.what}  ${seconds(entry.since)}`);
        throw error;
      }
    },
  };
};
