/** The stores on dynoxide, and on whatever DynamoDB the environment names: there in a new table, which goes at the end. */
import { describeStores } from "./describe-stores.ts";
import { describeDueIndex } from "./due-index.ts";
import { openDynoxide, openThrowAwayTable } from "./open-stores.ts";

describeStores("on dynoxide", openDynoxide);
describeDueIndex();

const endpoint = process.env["DYNAMODB_ENDPOINT"];
if (endpoint) describeStores(`on ${endpoint}`, () => openThrowAwayTable(endpoint));
