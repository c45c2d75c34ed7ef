import { describeSweepOfMany } from "../contract/sweep-many.ts";

describeSweepOfMany(100_000, 5_000);
