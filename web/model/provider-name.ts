/** Names that a rule would not spell right, as the providers spell them themselves. */
const known: Readonly<Record<string, string>> = {
  adp_run: "RUN Powered by ADP",
  adp_workforce_now: "ADP Workforce Now",
  bamboo_hr: "BambooHR",
  paychex_flex: "Paychex Flex",
  quickbooks: "QuickBooks Payroll",
  trinet: "TriNet",
  ukg_ready: "UKG Ready",
  zenefits: "TriNet HR Platform",
};

const capitals = new Set(["adp", "hr", "hcm", "ukg", "peo", "usa", "us", "uk", "hris"]);

/** How a provider is called, from Finch's identifier of it: `paylocity_hcm` is Paylocity HCM. */
export const providerName = (providerId: string): string =>
  (Object.hasOwn(known, providerId) ? known[providerId] : undefined) ??
  providerId
    .split(/[_\s-]+/)
    .filter((word) => word !== "")
    .map((word) => (capitals.has(word) ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join(" ");

/** Two letters that stand for a provider, and which of the six pairs of colours they have. */
export const monogram = (providerId: string, name: string): { readonly letters: string; readonly hue: number } => {
  // FNV-1a: identifiers that differ little have colours that differ.
  let hash = 0x811c9dc5;
  for (const letter of providerId) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const letters = [...name.replace(/[^\p{L}\p{N}]/gu, "")].slice(0, 2).join("");
  return { letters: letters === "" ? "?" : letters, hue: hash % 6 };
};
