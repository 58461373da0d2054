// Search, keys and links into closed parts. The page can be read without.
const field = document.querySelector('.search')
const input = field.querySelector('input')
const found = document.querySelector('.found')
const parts = [...document.querySelectorAll('details.operation')].map((element) => ({
  element,
  isOperation: !element.id.startsWith('schema-'),
  text: element.textContent.toLowerCase(),
}))
const sections = [...document.querySelectorAll('section')]

/** Shows the parts that hold every word of the search. */
function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
  let count = 0
  for (const { element, isOperation, text } of parts) {
    element.hidden = !words.every((word) => text.includes(word))
    if (!element.hidden && isOperation) count += 1
  }
  for (const section of sections) {
    const isEmpty = section.querySelector('details.operation:not([hidden])') === null
    section.hidden = words.length > 0 && isEmpty
  }
  found.textContent = count === 1 ? '1 operation' : `${count} operations`
}

/** Opens what the address names, and shows it even if the search hides it. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target === null) return
  if (target.closest('[hidden]') !== null) {
    input.value = ''
    search()
  }
  if (target instanceof HTMLDetailsElement) target.open = true
  target.scrollIntoView()
}

document.addEventListener('keydown', (event) => {
  const isTyping = event.target === input
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    input.focus()
    input.select()
  } else if (event.key === 'Escape' && isTyping) {
    input.value = ''
    search()
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && (isTyping || event.target.matches('summary'))) {
    const stops = [input, ...document.querySelectorAll('details.operation:not([hidden]) > summary')]
    const next = stops[stops.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)]
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
})

input.addEventListener('input', search)
window.addEventListener('hashchange', openTarget)
field.hidden = false
openTarget()
