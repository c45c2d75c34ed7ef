import { describeGrowth } from "../growth/describe-growth.ts";
import { recordFigure } from "../support/evidence.ts";

const [stored, owned] = [100_000, 10_000];

describeGrowth({ stored, owned, patienceMs: 1_800_000 }, (operation, { itemsRead, itemsWritten }) =>
  recordFigure(
    `growth, ${operation}`,
    itemsRead + itemsWritten,
    "items",
    `As many are read and written with 10 connections as with ${stored}, and for a customer with ${owned}`,
  ),
);
