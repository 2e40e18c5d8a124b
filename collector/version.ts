/** Put in by the build (package.json); absent where the sources run unbuilt. */
declare const __VERSION__: string;

export const RECORDER_VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'dev';
