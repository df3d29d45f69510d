/** A database, in your app. */
export interface Document {
  key: string;
  size: number;
}

// Pages and actions may be bundled apart, each with modules of its own.
const shared = globalThis as { documents?: Map<string, Document> };
const known = (shared.documents ??= new Map());

export function documents(): Document[] {
  return [...known.values()];
}

export function remember(document: Document) {
  known.set(document.key, document);
}
