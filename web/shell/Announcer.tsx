/** Tells a screen reader the visible changes: a node ends or comes back, nodes agree. */
import { useEffect, useRef, useState } from 'react'
import { agreementWords } from '../../shared/model/agreement.ts'
import { plural } from '../../shared/text/format.ts'
import { usePageState } from '../ui/page.ts'
import { Hidden } from '../ui/ui.tsx'

/** Shorter agreements are not announced, in ms. */
const SETTLED_MS = 600

export function Announcer() {
  const nodes = usePageState(({ lab }) => lab.nodes)
  const agreement = usePageState(({ lab }) => agreementWords(lab))
  const [words, setWords] = useState('')
  const before = useRef(nodes)

  useEffect(() => {
    const changed = nodes.filter(({ id, status }) => before.current[id] && before.current[id].status !== status)
    before.current = nodes
    const news = changed
      .filter(({ status }) => status !== 'starting')
      .map(({ id, status, lost }) => {
        if (status === 'running') return `Node ${id} is running.`
        return `Node ${id} ${status}, ${plural(lost, 'copy', 'copies')} lost.`
      })
    if (news.length > 0) setWords(news.join(' '))
  }, [nodes])

  useEffect(() => {
    if (agreement === null) return
    const timer = setTimeout(() => setWords(agreement), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [agreement])

  return (
    <Hidden>
      <span role="status" aria-live="polite">
        {words}
      </span>
    </Hidden>
  )
}
