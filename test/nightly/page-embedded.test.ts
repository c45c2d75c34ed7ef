/** The page's journeys with Connect inside the page: on a stack of its own, which is deployed so. */
import { join } from "node:path";
import { afterAll } from "vitest";
import { startOwnStack } from "../support/own-stack.ts";
import { describePageJourneys } from "../web/support/describe-page-journeys.ts";

const own = await startOwnStack("kms", "embedded");
afterAll(own.remove, 60_000);

const pictures = join(import.meta.dirname, "../../docs/page");
describePageJourneys("embedded", {
  colorSchemes: ["light", "dark"],
  ...(process.env["PERCH_PICTURES"] === "1" && { pictures }),
});
