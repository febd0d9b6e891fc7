/** In a hall: what happens now, large, and how far the message has got. */
import { usePage, usePageState } from '../page.ts'
import { useTick } from '../use-tick.ts'
import styles from './NowLine.module.css'
import { whatHappens } from './now.ts'
import type { Shares } from './shares.ts'

/** News grows old while nothing happens. In ms. */
const EVERY_MS = 250

export function NowLine({ form }: { readonly form: NonNullable<Shares['now']> }) {
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
