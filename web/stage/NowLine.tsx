/** In a hall: the present event, large, and how far the message has got. */

import { whatHappens } from '../model/now.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { useTick } from '../ui/use-tick.ts'
import styles from './NowLine.module.css'

/** Sentence and figure side by side, in two lines, or the sentence alone. */
export type NowForm = 'row' | 'stacked' | 'sentence'

/** Interval at which the age of news is checked, in ms. */
const EVERY_MS = 250

export function NowLine({ form }: { readonly form: NowForm }) {
  const { store, player } = usePage()
  const lab = usePageState((state) => state.lab)
  useTick(EVERY_MS)
  const { sentence, figure } = whatHappens(lab, store.past, player.at)
  return (
    <div className={styles.now} data-form={form}>
      <div className={styles.sentence}>{sentence}</div>
      {figure && form !== 'sentence' && (
        <div className={styles.reach}>
          <strong>{figure.count}</strong> {figure.of}
        </div>
      )}
    </div>
  )
}
