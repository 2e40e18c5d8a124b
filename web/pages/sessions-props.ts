import type { SessionsPageAnswer } from '../../server/interfaces/http/schemas/sessions.ts';
import type { View } from '../state.ts';

export interface SessionsProps {
  readonly view: View;
  readonly answer: SessionsPageAnswer;
}
