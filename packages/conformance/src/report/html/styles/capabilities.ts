/* The comparison of capabilities. */

export const capabilitiesStyles = `
.capabilities { width: 100%; padding: 0 var(--side) 64px; }
.capabilities caption { padding: 4px var(--side) 10px; color: var(--soft); text-align: left; max-width: 70ch; }
.capabilities thead th {
  position: sticky; top: 0; z-index: 4; padding: 10px 12px 8px 0; border-bottom: 1px solid var(--edge);
  background: var(--page); font-size: 13px; font-weight: 600; vertical-align: bottom;
}
.capabilities thead small { display: block; font-size: 12px; font-weight: 400; }
.capabilities tbody > tr > * { padding: 9px 12px 9px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.capabilities tbody tr:hover > * { background: var(--raised); }
.capabilities code { font-weight: 600; }
.capabilities .about { display: block; color: var(--soft); font-size: 13px; }
.capabilities td { font-size: 14px; white-space: nowrap; }
.capabilities td span + span { margin-left: 7px; }
.capabilities .best > span:first-of-type { color: var(--pass); }
.capabilities .lesser { color: var(--known-failure); font-weight: 600; }
.capabilities .of { display: none; }
.capabilities.many td { white-space: normal; font-size: 12px; }
.tag {
  margin-left: 8px; padding: 1px 7px; border-radius: 8px; background: var(--accent-tint); color: var(--accent); font-size: 11px;
}
`;
