/** What the connection to the lab is like, when it is not as it should be. */
import { usePage, usePageState } from '../page.ts'
import styles from './Banner.module.css'
import { Button } from './ui.tsx'

export function Banner() {
  const connection = usePageState((state) => state.connection)
  const loaded = usePageState((state) => state.loaded)
  const { client } = usePage()
  if (connection.phase === 'recording' || connection.phase === 'live' || (connection.phase === 'connecting' && !loaded))
    return null
  return (
    <div className={styles.banner} role="status">
      {connection.phase === 'refused' ? (
        <>
          <span>This page and the lab do not understand each other: {connection.error}</span>
          <Button onClick={() => location.reload()}>Reload the page</Button>
        </>
      ) : (
        <>
          <span>
            <strong>Connection lost, trying again.</strong>{' '}
            {loaded ? 'What you see is how the lab was.' : 'Is the lab running? npm start'}
          </span>
          <Button onClick={() => client.retry()}>Try now</Button>
        </>
      )}
    </div>
  )
}
