import { Refusal } from "../stack/refusal.ts";

/** What of Finch's limits Perch may use then, in percent: nothing is held up by them. */
export const liftedShare = 9_999;

/**
 * Has the simulated Finch count what is beyond its limits, and refuse nothing: all tests share one application and one
 * address there, and some call it themselves. Tests of the limits have a Finch of their own.
 *
 * @throws Refusal when Finch does not take it.
 */
export const liftLimits = async (finchUrl: string): Promise<void> => {
  const body = JSON.stringify({ productLimits: "lifted", addressLimit: "lifted" });
  const response = await fetch(`${finchUrl}/_control/settings`, { method: "POST", body });
  if (!response.ok) throw new Refusal("The simulated Finch does not lift its limits.", await response.text());
};
