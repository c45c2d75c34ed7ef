/** Before the journeys begin: they share one Finch, which may be that of `npm start`, with its limits kept. */
import { liftLimits } from "../../local/testing/lift-limits.ts";
import { readStack } from "./stack.ts";

/** Lifts the limits of the stack that `PERCH_OUTPUTS` names; a test without one has a stack of its own. */
export const setup = async (): Promise<void> => {
  if (process.env["PERCH_OUTPUTS"]) await liftLimits(readStack().finchUrl);
};
