const loaded = new Map<string, Promise<void>>();

function append(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      loaded.delete(src);
      reject(new Error(`${src} did not load`));
    };
    document.head.append(script);
  });
}

/** Runs a script of ours once. One that did not load can be asked for again. */
export function loadScript(src: string): Promise<void> {
  const known = loaded.get(src) ?? append(src);
  loaded.set(src, known);
  return known;
}
