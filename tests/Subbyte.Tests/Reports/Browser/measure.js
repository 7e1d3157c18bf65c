// What a reader sees of the page: every drawing with its marks and texts, every text with its size and contrast, what sticks out.
() => {
  const shown = element => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0;
  const box = element => { const r = element.getBoundingClientRect(); return { left: r.left, top: r.top, right: r.right, bottom: r.bottom }; };
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const scale = element => { const m = element.ownerSVGElement && element.getScreenCTM(); return m ? Math.hypot(m.a, m.b) : 1; };

  // A letter's own height is less than its line: the middle two thirds must stay clear.
  const core = element => { const b = box(element); const trim = (b.bottom - b.top) / 6; return { ...b, top: b.top + trim, bottom: b.bottom - trim }; };

  const figures = [...document.querySelectorAll('svg')].filter(shown).map(svg => {
    const frame = box(svg);
    const texts = [...svg.querySelectorAll('text')].filter(text => !text.hasAttribute('transform'));
    const marks = [...svg.querySelectorAll('.point, rect, path, line')];
    const problems = [];
    for (const element of [...svg.querySelectorAll('text, .point')]) if (!inside(box(element), frame)) problems.push('outside: ' + (element.textContent || element.getAttribute('class')));
    texts.forEach((a, i) => texts.slice(i + 1).forEach(b => { if (overlap(core(a), core(b))) problems.push(`texts overlap: ${a.textContent} | ${b.textContent}`); }));
    for (const point of svg.querySelectorAll('.point')) for (const text of svg.querySelectorAll('.labels text')) if (overlap(box(point), core(text))) problems.push('covers a point: ' + text.textContent);
    return {
      kind: svg.classList[0], width: frame.right - frame.left, height: frame.bottom - frame.top,
      points: svg.querySelectorAll('.point').length, marks: marks.filter(mark => { const b = box(mark); return b.right - b.left + b.bottom - b.top > 1; }).length,
      texts: svg.querySelectorAll('text').length, problems,
    };
  });

  const channels = colour => { const n = colour.match(/-?[\d.]+(e-?\d+)?/g).map(Number); return colour.startsWith('color(') ? n.slice(0, 3).map(v => v * 255).concat(n[3] ?? 1) : n.slice(0, 3).concat(n[3] ?? 1); };
  const over = (front, back) => front.slice(0, 3).map((v, i) => v * front[3] + back[i] * (1 - front[3])).concat(1);
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = element => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); layers.push(c); if (c[3] === 1) break; }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };

  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const element = walk.currentNode.parentElement;
    if (text === '' || !shown(element) || element.closest('title, style')) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    const [a, b] = [light(over(channels(element.ownerSVGElement ? style.fill : style.color), back)), light(back)].sort((x, y) => y - x);
    texts.push({ text: text.slice(0, 60), size: parseFloat(style.fontSize) * scale(element), contrast: (a + 0.05) / (b + 0.05) });
  }

  const page = document.scrollingElement;
  const outside = [...document.body.querySelectorAll('*')].filter(e => shown(e) && !e.closest('.scroll') && !e.matches('.tab') && box(e).right > page.clientWidth + 1).map(e => e.tagName + '.' + e.className);
  const tables = [...document.querySelectorAll('table')].filter(shown).map(table => ({ rows: table.querySelectorAll('tbody tr').length, right: box(table).right }));
  return { scrollWidth: page.scrollWidth, clientWidth: page.clientWidth, figures, texts, tables, outside };
}
