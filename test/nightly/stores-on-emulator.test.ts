/**
 * The stores on the emulated AWS, as they are on Dynoxide in every run. They have a table of their own, of the deployed one's
 * schema: in the deployed one the publisher takes events from the outbox, and the sweep ends what is due.
 */
import { afterAll } from "vitest";
import { describeStores } from "../contract/describe-stores.ts";
import { openThrowAwayTable } from "../contract/open-stores.ts";
import { startOwnStack } from "../support/own-stack.ts";
import { readStack } from "../support/stack.ts";

const own = await startOwnStack("kms");
afterAll(own.remove, 60_000);

describeStores("on the emulated AWS", () => openThrowAwayTable(readStack().awsEndpoint, 5));
