import { revokingThousand } from "../revoke-thousand.ts";

export const revoke1000 = revokingThousand(
  "revoke-1000",
  "revoke-all of a customer's 1,000 connections, until none of them is in use",
  { wait: false },
);
