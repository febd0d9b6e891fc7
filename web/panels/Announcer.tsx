/** Tells a screen reader what eyes would see happen: a node ends or comes back, everybody agrees. */
import { useEffect, useRef, useState } from 'react'
import { plural } from '../../shared/format.ts'
import { usePageState } from '../page.ts'
import { Hidden } from './ui.tsx'

/** Agreement that lasts no longer is not worth a word, in ms. */
const SETTLED_MS = 600

export function Announcer() {
  const nodes = usePageState(({ lab }) => lab.nodes)
  const count = usePageState(({ lab }) => lab.messages.length)
  const [words, setWords] = useState('')
  const before = useRef(nodes)

  useEffect(() => {
    const changed = nodes.filter(({ id, status }) => before.current[id] && before.current[id].status !== status)
    before.current = nodes
    const news = changed
      .filter(({ status }) => status !== 'starting')
      .map(({ id, status, lost }) => {
        if (status === 'running') return `Node ${id} runs.`
        return `Node ${id} ${status}, ${plural(lost, 'copy', 'copies')} lost.`
      })
    if (news.length > 0) setWords(news.join(' '))
  }, [nodes])

  const running = nodes.filter(({ status }) => status === 'running')
  const agree = count > 0 && running.length > 1 && running.every(({ held }) => held === count)
  useEffect(() => {
    if (!agree) return
    const text = `All ${running.length} running nodes hold ${plural(count, 'message')}.`
    const timer = setTimeout(() => setWords(text), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [agree, count, running.length])

  return (
    <Hidden>
      <span role="status" aria-live="polite">
        {words}
      </span>
    </Hidden>
  )
}
