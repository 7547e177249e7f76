async ([levels, everyPart]) => {
  // What is wrong with a page: the rules of axe-core that it breaks. Rules about colours take most of the time, and hundreds
  // of cells and points of a page look alike: where not every part is asked for, they read a few of each look.
  const COLOURS = ['color-contrast', 'link-in-text-block']
  const ALIKE = 5

  function ground(style) {
    const own = [style.backgroundColor, style.backgroundImage, style.opacity].join()
    return own === 'rgba(0, 0, 0, 0),none,1' ? '' : `${own};`
  }

  function saysSomething(part) {
    const words = [...part.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim())
    return (words || part.matches('input, select, textarea')) && part.checkVisibility()
  }

  function aFewOfEachLook() {
    const behind = new Map(), looks = new Map()
    for (const part of document.querySelectorAll('*')) {
      const style = getComputedStyle(part)
      behind.set(part, (behind.get(part.parentElement) || '') + ground(style))
      if (!saysSomething(part)) continue
      const letters = [style.color, style.fill, style.fontSize, style.fontWeight, style.textDecorationLine]
      const place = [style.position, style.clipPath, getComputedStyle(part.parentElement).color, behind.get(part)]
      const look = [part.tagName, ...letters, ...place].join('|')
      looks.set(look, [...looks.get(look) || [], part].slice(0, ALIKE))
    }
    return [...looks.values()].flat()
  }

  const options = {runOnly: levels, resultTypes: ['violations']}
  if (everyPart) return (await axe.run(options)).violations
  const rules = Object.fromEntries(COLOURS.map(rule => [rule, {enabled: false}]))
  const others = await axe.run({...options, rules})
  const ofColours = await axe.run({include: aFewOfEachLook()}, {...options, runOnly: COLOURS})
  return [...others.violations, ...ofColours.violations]
}
