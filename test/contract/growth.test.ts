import { describeGrowth } from "../growth/describe-growth.ts";

describeGrowth({ stored: 2_000, owned: 1_000, patienceMs: 180_000 });
