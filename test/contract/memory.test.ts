/** The fakes that the unit tests stand on are held to the same promises as what is deployed. */
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { describeStores } from "./describe-stores.ts";
import { describeTokenVault } from "./describe-token-vault.ts";
import { openMemory } from "./open-stores.ts";

describeStores("in memory", openMemory);
describeTokenVault("in memory", createMemoryTokenVault, { propertyRuns: 100 });
