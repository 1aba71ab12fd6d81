/** Whose numbers and dates the reader is used to; outside of a browser American, so that tests read the same everywhere. */
export const viewerLocale: string = typeof document === "undefined" ? "en-US" : navigator.language;
