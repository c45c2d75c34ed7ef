/** The icons, each drawn on 24 × 24 by its outline. Those of the states differ in form, not in colour alone. */
export const iconShapes = {
  good: '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>',
  warn: '<path d="M12 3.5 2.5 20h19L12 3.5Z"/><path d="M12 10v4.5M12 17.2v.1"/>',
  stop: '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8l5-5Z"/><path d="M12 7.5v5.5M12 16.3v.1"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
  calm: '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',
  same: '<rect x="3" y="8" width="12" height="12" rx="2"/><path d="M9 5V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-1"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  x: '<path d="m6 6 12 12M18 6 6 18"/>',
  chev: '<path d="m6 9 6 6 6-6"/>',
  back: '<path d="M19 12H5m6-6-6 6 6 6"/>',
  again: '<path d="M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7"/>',
  find: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
  lock: '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  key: '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3"/>',
  link: '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7"/><path d="M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>',
  off: '<path d="m3 3 18 18M8.5 16a5 5 0 0 1 5-1.4M5 12.5a10 10 0 0 1 5-2.8m4 0a10 10 0 0 1 5 2.8M2 9a15 15 0 0 1 4.5-3M10 4.3A15 15 0 0 1 22 9M12 19.5v.1"/>',
  /** The neutral mark of a platform without a logo; filled. */
  mark: '<path d="M12 2 4 7v3h16V7l-8-5ZM5 12v7H3v3h18v-3h-2v-7h-3v7h-2.5v-7h-3v7H8v-7H5Z"/>',
  tick: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof iconShapes;
