import { useSignal } from '@preact/signals';
import type { ExportProps } from './export-list.tsx';
import { openLater } from './later.tsx';
import { Popover } from './popover.tsx';

const list = openLater(async () => (await import('./export-list.tsx')).ExportList);

/** Made anew each time that it is opened: it lists the tables that are on the page then. */
export function ExportMenu(props: ExportProps) {
  const opened = useSignal(0);
  const onOpen = () => {
    opened.value += 1;
  };
  return (
    <div class="exports">
      <Popover label="Export" title="Take this view along" side="end" onNear={list.bring} onOpen={onOpen}>
        {opened.value > 0 ? <list.Part key={opened.value} {...props} /> : null}
      </Popover>
    </div>
  );
}
