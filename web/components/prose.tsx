/** A sentence of the server: what stands between backticks is to be typed. */
export function Prose({ text }: { readonly text: string }) {
  const pieces = text.split('`');
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <code key={piece}>{piece}</code> : piece))}</>;
}
