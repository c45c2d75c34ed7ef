import { describeSweepOfMany } from "./sweep-many.ts";

describeSweepOfMany(1_000, 650);
