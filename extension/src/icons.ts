import { LabIcon } from '@jupyterlab/ui-components';

// From style/, so that the path holds from src/ and from lib/.
import compareText from '../style/icons/compare.svg';
import recrateText from '../style/icons/recrate.svg';
import reportText from '../style/icons/report.svg';
import reviewText from '../style/icons/review.svg';
import verdictText from '../style/icons/verdict.svg';

/** A crate with an arrow that turns around it: packed, and run again. */
export const recrateIcon = new LabIcon({ name: 'recrate:icon', svgstr: recrateText });

/** A page with a tick: the report of a run. */
export const reportIcon = new LabIcon({ name: 'recrate:report', svgstr: reportText });

/** Two columns: recorded beside rerun. */
export const reviewIcon = new LabIcon({ name: 'recrate:review', svgstr: reviewText });

/** A triangle beside an equals sign: run, and compare. */
export const compareIcon = new LabIcon({ name: 'recrate:compare', svgstr: compareText });

/** A shield with a tick: somebody's verdict. */
export const verdictIcon = new LabIcon({ name: 'recrate:verdict', svgstr: verdictText });
