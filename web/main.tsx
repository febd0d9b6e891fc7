import { startPage } from './shell/start-page.ts'
import { showPage } from './show-page.tsx'
import { serverLab } from './store/behind.ts'
import { enter, enterLater } from './store/enter.ts'

// Must come before the page connects: the cookie makes it the presenter's.
const entry = await enter()
const page = startPage(serverLab)
const refuseKey = () => page.classroom.setState({ keyRefused: true })
if (entry === 'refused') refuseKey()
enterLater(refuseKey)
showPage(page)
