import { describeStateForgeries } from "../../support/describe-state-forgeries.ts";

describeStateForgeries(1_500, 300);
