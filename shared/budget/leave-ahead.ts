import type { Surroundings } from "../connection/ports.ts";
import type { AskForLeave, Leave, NoLeave } from "./leave.ts";

/** Leave that is asked for before it is known whether there will be something to send, so that nothing waits for it. */
export interface LeaveAhead {
  /** Asks for leave, and lets nobody wait. */
  readonly begin: (path: string) => void;
  /** Gives back what was begun and not used. Never throws. */
  readonly end: () => Promise<void>;
  /** Gives what was begun, if it is still good; else it asks anew. */
  readonly askForLeave: AskForLeave;
}

/** Creates it around the way to leave. One request at a time is begun. */
export const createLeaveAhead = (askForLeave: AskForLeave, now: Surroundings["now"]): LeaveAhead => {
  let begun: Promise<Leave | NoLeave> | undefined;
  const take = async (): Promise<Leave | undefined> => {
    const taken = begun;
    begun = undefined;
    const leave = await taken;
    return leave?.kind === "granted" ? leave : undefined;
  };
  return {
    begin(path) {
      begun = askForLeave(path, 0);
    },
    async end() {
      await (await take())?.giveBack();
    },
    async askForLeave(path, mostMs) {
      const ahead = await take();
      if (ahead === undefined) return askForLeave(path, mostMs);
      if (now() < ahead.sendBy) return ahead;
      await ahead.giveBack();
      return askForLeave(path, mostMs);
    },
  };
};
