import { describeStateForgeries } from "../support/describe-state-forgeries.ts";

describeStateForgeries(12_000, 2_400);
