import { describeSweepOfMany } from "./sweep-many.ts";

describeSweepOfMany(2_000, 700);
