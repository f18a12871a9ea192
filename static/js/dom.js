// Elements that a page must have, with their kind: what a template left out fails here, by name.

/**
 * The first element that a selector finds; throws where there is none of that kind.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function query(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new TypeError(`no ${kind.name} at ${selector}`);
}

/**
 * The first element that a selector finds; null where there is none of that kind.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E | null}
 */
export function queryOptional(root, selector, kind) {
  const element = root.querySelector(selector);
  return element instanceof kind ? element : null;
}

/**
 * All elements of a kind that a selector finds.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E[]}
 */
export function queryAll(root, selector, kind) {
  const elements = [];
  for (const element of root.querySelectorAll(selector)) if (element instanceof kind) elements.push(element);
  return elements;
}

/**
 * The element that a template marked with `data-part`.
 * @param {ParentNode} root
 * @param {string} name
 */
export function part(root, name) {
  return query(root, `[data-part="${name}"]`, HTMLElement);
}
