/** Accepts a file that is dropped anywhere on the page. */
import { useEffect, useState } from 'react'
import { usePage } from '../ui/page.ts'
import styles from './FileDrop.module.css'

const hasFile = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

export function FileDrop() {
  const { files } = usePage()
  const [over, setOver] = useState(false)
  useEffect(() => {
    function onDrag(event: DragEvent) {
      if (!hasFile(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = ({ relatedTarget }: DragEvent) => relatedTarget === null && setOver(false)
    function onDrop(event: DragEvent) {
      if (!hasFile(event)) return
      // Otherwise the browser would leave the page and show the file.
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file) void files.open(file)
    }
    document.addEventListener('dragover', onDrag)
    document.addEventListener('dragleave', onLeave)
    document.addEventListener('drop', onDrop)
    return () => {
      document.removeEventListener('dragover', onDrag)
      document.removeEventListener('dragleave', onLeave)
      document.removeEventListener('drop', onDrop)
    }
  }, [files])
  return over && <div className={styles.over}>Drop the file to open it</div>
}
