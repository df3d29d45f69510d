// How each client sends the files that the page was given. All are loaded before the clock runs.

/** Workers that take the next thing to do until none is left. */
async function atOnce(count, things, work) {
  const left = things.values();
  await Promise.all(Array.from({ length: count }, async () => {
    for (const thing of left) await work(thing);
  }));
}

const CLIENTS = {
  /** `atOnce`: as many as a page starts at once; all, by default. */
  async countersign({ module, api, atOnce: count }) {
    const { upload } = await import(module);
    const files = [...window.input().files];
    return () => atOnce(count ?? files.length, files, (file) => upload(file, { endpoint: api }));
  },

  async uppy({ files }) {
    const added = uppy.getFiles().length;
    if (added !== files) throw new Error(`Uppy has ${added} files`);
    return async () => {
      const { failed } = await uppy.upload();
      if (failed.length > 0) throw new Error(failed[0].error);
    };
  },

  /** The floor: nothing is signed now, nothing is tried again. */
  async fetch({ signed, atOnce: count }) {
    const { files } = window.input();
    return () => atOnce(count, signed, async ({ url, fields, file, from, to }) => {
      const body = files[file].slice(from, to);
      const form = new FormData();
      for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value);
      form.append('file', body);
      const response = await fetch(url, fields ? { method: 'POST', body: form } : { method: 'PUT', body });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the store answers ${response.status}`);
    });
  },
};

/** Seconds until all is stored, or what went wrong. */
window.measure = async (client, options, limitSeconds) => {
  const start = await CLIENTS[client](options);
  const limit = new Promise((resolve) => setTimeout(() => resolve('too slow'), limitSeconds * 1000));
  const startedAt = performance.now();
  const problem = await Promise.race([start().then(() => '', (error) => String(error)), limit]);
  return { seconds: (performance.now() - startedAt) / 1000, problem };
};
