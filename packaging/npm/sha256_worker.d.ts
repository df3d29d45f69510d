/** A worker, which `countersign` starts by itself. */
export {};
