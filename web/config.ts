/** What the stage's configuration says about the page. It is public: every visitor's browser gets it. */
export interface PageConfig {
  /** The platform's name, as its customers know it. */
  readonly platform: string;
  /** The platform's colour, `#rrggbb`; the style sheet derives what can be read on it and beside it. */
  readonly accent: string;
  /** Whether the platform has given a logo; without one a neutral mark is shown. */
  readonly logo: boolean;
  /** Whether Finch Connect takes over the whole window, or opens inside the page. */
  readonly mode: "redirect" | "embedded";
  /** Where Finch Connect is, an origin: Finch's own unless Finch is simulated. */
  readonly connectUrl: string;
  /** The languages that are offered, the first one to whoever asks for none of them. */
  readonly languages: readonly string[];
  /** The platform's pages about help and privacy, https only. */
  readonly helpUrl: string | null;
  readonly privacyUrl: string | null;
}

/** Absolute paths of what the document loads. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
  readonly theme: string;
  readonly logo: string | null;
}

/** What the document tells its script: the configuration, and where the logo is. */
export interface PageSettings extends Omit<PageConfig, "logo" | "accent"> {
  readonly logo: string | null;
}

/** The name of the `<meta>` element that carries the settings, so that no request is needed for it. */
export const configName = "perch-page";
