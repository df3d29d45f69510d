// What a user's page does: one Uppy with the S3 plugin, fed by a file input.

const MULTIPART_FROM = 5 * 1024 * 1024;

const MODES = {
  endpoint: (api) => ({ endpoint: api }),
  companionEndpoint: (api) => ({ companionEndpoint: api }),
  signRequest: (api) => ({
    async signRequest(request) {
      const reply = await fetch(`${api}/sign`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
      });
      const signed = await reply.json();
      if (!reply.ok) throw new Error(signed.message);
      return signed;
    },
  }),
};

export async function open(client, mode, api, options) {
  const { Uppy, AwsS3 } = await import(`/clients/${client}.js`);
  const uppy = new Uppy();
  uppy.use(AwsS3, {
    shouldUseMultipart: (file) => file.size > MULTIPART_FROM,
    ...MODES[mode](api),
    ...options,
  });
  const said = []; // what an interface of Uppy's would show to the user
  uppy.on('info-visible', () => said.push(...uppy.getState().info));
  window.input().onchange = ({ target }) => {
    for (const file of target.files) uppy.addFile({ name: file.name, type: file.type, data: file });
  };
  Object.assign(window, { uppy, said });
}

// The outcome comes into window.outcome: a promise might stay open for ever.
export function start() {
  window.outcome = null;
  const report = (thrown) => {
    const files = uppy.getFiles().map(({ name, error, uploadURL, response }) =>
      ({ name, error: error ?? null, url: uploadURL ?? null, body: response?.body ?? null }));
    const words = said.map(({ message, details }) => [message, details].filter(Boolean).join(': '));
    window.outcome = { files, said: words, thrown };
  };
  uppy.upload().then(() => report(null), (error) => report(String(error)));
}

// In the middle of the second part, for a client that sends one part after the other.
export function afterFirstPart(method) {
  window.done = false;
  uppy.once('s3-multipart:part-uploaded', () => setTimeout(() => {
    uppy[method]();
    window.done = true;
  }, 100));
}
