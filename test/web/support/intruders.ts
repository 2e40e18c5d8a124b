import type { Page } from 'puppeteer-core';

/** Elements that a name could have made: none of the app's own is of this kind, or leads elsewhere. */
export function intruders(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const own = (url: string) => url.startsWith(`${location.origin}/`);
    const links = [...document.querySelectorAll('a')].filter((a) => !own(a.href));
    const scripts = [...document.scripts].filter((script) => !own(script.src));
    const others = [
      ...document.querySelectorAll('img, iframe, object, embed, svg a, .hoverlayer a, b b, sub, extra'),
    ];
    const inNames = [...document.querySelectorAll('.cmd *, .legend .name *')];
    return [...links, ...scripts, ...others, ...inNames].map((element) => element.outerHTML.slice(0, 200));
  });
}
