/** Names the findings about programs while their panel is out of sight, and opens it. */
import { TriangleAlert } from 'lucide-react'
import { plural } from '../../shared/text/format.ts'
import { usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'

export function FindingsButton({ onClick }: { readonly onClick: () => void }) {
  const findings = usePageState((state) => state.findings)
  if (findings === 0) return null
  return (
    <Button onClick={onClick}>
      <TriangleAlert size={16} aria-hidden /> {plural(findings, 'finding')}
    </Button>
  )
}
