import { describePageJourneys } from "../web/support/describe-page-journeys.ts";

// Each state once here; the nightly tests see each in light and dark, in both modes.
describePageJourneys("redirect", { colorSchemes: ["light"] });
