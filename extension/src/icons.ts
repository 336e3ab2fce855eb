import { LabIcon } from '@jupyterlab/ui-components';

// From style/, so that the path holds from src/ and from lib/.
import recrateText from '../style/icons/recrate.svg';

/** A crate with an arrow that turns around it: packed, and run again. */
export const recrateIcon = new LabIcon({ name: 'recrate:icon', svgstr: recrateText });
