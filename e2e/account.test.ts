import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { freePort } from './harness/ports.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { totpCode } from './harness/totp.ts'

const EMAIL = 'mika@school.example'
const PASSWORD = 'window on the class room'

let server: LecternServer
let browser: Browser
let address: string
let page: Page
let invitation: string
const faults: string[] = []

photographFailures(() => browser)

/** A browser of one's own, with an authenticator that says yes. */
async function newPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB' })
  const made = await context.newPage()
  made.on('pageerror', (error) => faults.push(String(error)))
  const devtools = await context.newCDPSession(made)
  await devtools.send('WebAuthn.enable')
  const kind = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  const answers = { isUserVerified: true, automaticPresenceSimulation: true }
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...kind, ...answers } })
  return made
}

beforeAll(async () => {
  const port = await freePort()
  // Passkeys are bound to a host name.
  address = `http://localhost:${port}`
  server = await startServer({ port, adminToken: false, publicUrl: address })
  browser = await startBrowser()
  page = await newPage()
  await page.goto(linkIn(server.output()) ?? '')
  await page.getByLabel('Your name').fill('Mika Tanaka')
  await page.getByLabel('E-mail address').fill(EMAIL)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByText('Make your first class').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

async function signIn(into: Page): Promise<void> {
  await into.goto(`${address}/#/account`)
  await into.getByLabel('E-mail address').fill(EMAIL)
  await into.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await into.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('the account', () => {
  it('AUT-15 takes a passkey, and signs in with it alone, by keyboard', async () => {
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'Your account' }).click()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('Name of the passkey').fill('Laptop')
    await page.keyboard.press('Enter')
    await page.getByText('Not used yet').waitFor()
    await signOut()
    const button = page.getByRole('button', { name: 'Sign in with a passkey' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Signed in by passkey').waitFor()
    await page.getByText('Last used').first().waitFor()
  })

  it('AUT-13 sets up an authenticator app, asks for its code, and takes a recovery code in its place', async () => {
    await page.getByRole('button', { name: 'Set up an app' }).click()
    await page.getByAltText('QR code for the authenticator app').waitFor()
    const secret = await page.locator('.copy-line code').innerText()
    await page.getByLabel('Code from the app').fill(totpCode(secret))
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
    const codes = await page.locator('.recovery-codes code').allInnerTexts()
    expect(codes).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes left').waitFor()
    await signOut()

    await signIn(page)
    await page.getByLabel('Code from the app').fill('000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('The code is wrong').waitFor()
    expect(await accessFaults(page)).toEqual([])
    // The step that set it up is used; the next one is within what clocks may differ.
    await page.getByLabel('Code from the app').fill(totpCode(secret, 1))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Signed in by password').waitFor()
    await signOut()

    await signIn(page)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(codes[0]?.toLowerCase() ?? '')
    await page.keyboard.press('Enter')
    await page.getByText('9 recovery codes left').waitFor()
  })

  it('AUT-6 lists where one is signed in, and ends it there', async () => {
    const other = await newPage()
    await signIn(other)
    await other.getByRole('button', { name: 'Use a recovery code' }).waitFor()
    await other.getByRole('button', { name: 'Begin again' }).click()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    const answer = await other.evaluate(async () => (await fetch('/api/v2/session')).status)
    expect(answer).toBe(401)
    await page.reload()
    await page.getByText('Here and now').waitFor()
    expect(await page.getByRole('button', { name: /^End:/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'Switch off: Authenticator app' }).click()
    await page.getByRole('button', { name: 'Yes' }).click()
    await page.getByRole('button', { name: 'Set up an app' }).waitFor()

    await signIn(other)
    await other.getByText('Here and now').waitFor()
    await page.reload()
    await page.getByRole('button', { name: /^End:/ }).click()
    await page.getByRole('button', { name: /^End:/ }).waitFor({ state: 'detached' })
    await other.reload()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.context().close()
  })

  it('changes name and password in place', async () => {
    await page.getByLabel('Your name').fill('Mika T.')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.getByLabel('Present password').fill('not the password')
    await page.getByLabel('New password').fill('Password1234!')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').getByText('password is wrong').waitFor()
    await page.getByLabel('Present password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').getByText('no common password').waitFor()
    await page.getByLabel('New password').fill(`${PASSWORD} of Mika`)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The password is changed').waitFor()
  })
})

describe('the staff', () => {
  it('AUT-11 is invited by a link that is shown once', async () => {
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'Staff' }).click()
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByLabel('Name').fill('Grace Hopper')
    await page.getByLabel('E-mail address').fill('grace@school.example')
    await page.getByRole('radio', { name: /^Member/ }).check({ force: true })
    await page.getByRole('button', { name: 'Make the invitation' }).click()
    await page.getByText('Give this link to Grace Hopper').waitFor()
    invitation = await page.locator('.copy-line code').innerText()
    expect(invitation).toMatch(new RegExp(`^${address}/#/welcome\\?link=[\\w-]{43}$`))
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Invited').waitFor()
    const grace = await newPage()
    await grace.goto(invitation)
    await grace.getByRole('heading', { name: 'Set up your account' }).waitFor()
    expect(await grace.getByLabel('E-mail address').inputValue()).toBe('grace@school.example')
    await grace.getByLabel('New password').fill('a compiler writes programs')
    await grace.getByRole('button', { name: 'Save and go on' }).click()
    await grace.getByText('Nobody has shared a class with you yet.').waitFor()
    await grace.goto(`${address}/#/people`)
    await grace.getByText('Only administrators see the staff.').waitFor()
    await grace.context().close()
  })

  it('AUT-12 AUT-11 gives a new link, disables, and undoes that', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'New link: Grace Hopper' }).click()
    await page.getByLabel('Also end all sessions of this account').check()
    await page.getByRole('button', { name: 'Make the link' }).click()
    const link = await page.locator('.copy-line code').innerText()
    expect(link).not.toBe(invitation)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Disable: Grace Hopper' }).click()
    await page.getByText('Grace Hopper can not sign in any more.').waitFor()
    const grace = await newPage()
    await grace.goto(link)
    await grace.getByText('This link did not work').waitFor()
    await grace.context().close()
    await page.getByRole('button', { name: 'Undo: Grace Hopper' }).click()
    await page.getByRole('button', { name: 'Change: Grace Hopper' }).click()
    await page.getByRole('radio', { name: /^Instructor/ }).check({ force: true })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.staff-state').getByText('Instructor').waitFor()
    // The only administrator stays one.
    await page.getByRole('button', { name: 'Change: Mika T.' }).click()
    await page.getByRole('radio', { name: /^Member/ }).check({ force: true })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Somebody must stay an administrator').waitFor()
    await page.keyboard.press('Escape')
  })

  it('is open to everybody: no fault of access, light and dark, wide and narrow', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 })
        for (const path of ['account', 'people']) {
          await page.goto(`${address}/#/${path}`)
          await page.locator('.staff-row').first().waitFor()
          expect(await accessFaults(page), `${path}, ${colorScheme}, ${width}`).toEqual([])
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
          expect(wider, `${path} at ${width}`).toBeLessThanOrEqual(0)
        }
      }
    }
    await signOut()
    expect(await accessFaults(page)).toEqual([])
    expect(faults).toEqual([])
  })
})

describe('a server that requires a second factor', () => {
  it('AUT-18 opens nothing but the account before one is set up, and everything then', async () => {
    const port = await freePort()
    const at = `http://localhost:${port}`
    const env = { LECTERN_SECOND_FACTOR: 'required' }
    const strict = await startServer({ port, adminToken: false, publicUrl: at, env })
    try {
      const own = await newPage()
      await own.goto(linkIn(strict.output()) ?? '')
      await own.getByLabel('Your name').fill('Mika Tanaka')
      await own.getByLabel('E-mail address').fill(EMAIL)
      await own.getByLabel('New password').fill(PASSWORD)
      await own.getByRole('button', { name: 'Save and go on' }).click()
      const notice = own.getByText('Here everybody shows two things to sign in.')
      await notice.waitFor()
      await own.goto(`${at}/#/system/overview`)
      await notice.waitFor()
      expect(await accessFaults(own)).toEqual([])
      await own.getByRole('button', { name: 'Add a passkey' }).click()
      await own.getByLabel('Name of the passkey').fill('Laptop')
      await own.keyboard.press('Enter')
      await notice.waitFor({ state: 'detached' })
      await own.goto(`${at}/#/classes`)
      await own.getByText('Make your first class').waitFor()
      await own.context().close()
    } finally {
      await strict.stop()
    }
  })
})
