import { revokingThousand } from "../revoke-thousand.ts";

export const revoke1000Ended = revokingThousand(
  "revoke-1000-ended",
  "revoke-all --wait of a customer's 1,000 connections, until Finch has confirmed every end",
  { wait: true },
);
