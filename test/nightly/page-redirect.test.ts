/** The page's journeys with Connect in the window, each state in light and dark: on a stack of its own. */
import { join } from "node:path";
import { afterAll } from "vitest";
import { startOwnStack } from "../support/own-stack.ts";
import { describePageJourneys } from "../web/support/describe-page-journeys.ts";

const own = await startOwnStack("kms");
afterAll(own.remove, 60_000);

const pictures = join(import.meta.dirname, "../../docs/page");
describePageJourneys("redirect", {
  colorSchemes: ["light", "dark"],
  ...(process.env["PERCH_PICTURES"] === "1" && { pictures }),
});
