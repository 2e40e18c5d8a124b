import { topicOfTerm } from '../../server/domain/concepts/topics.ts';
import { view } from '../navigation.ts';
import { learnHref } from '../state.ts';

/** A word of the field: its meaning on hover and focus, its page behind it. Any other text stays as it is. */
export function Term({ text }: { readonly text: string }) {
  const topic = topicOfTerm(text);
  if (!topic) return <>{text}</>;
  return (
    <a class="term" href={learnHref(topic.id, view.value)} title={topic.short}>
      {text}
    </a>
  );
}

/** Beside what has its own click, such as a heading that sorts: the way to its word. */
export function LearnLink({ label }: { readonly label: string }) {
  const topic = topicOfTerm(label);
  if (!topic) return null;
  return (
    <a
      class="learn-link"
      href={learnHref(topic.id, view.value)}
      title={topic.short}
      aria-label={`Learn: ${label}`}
    >
      ?
    </a>
  );
}
