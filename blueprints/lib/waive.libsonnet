// waive gives the waivers of some rules for one object, or for a container of it, all for the same reason.
function(rules, match, reason) [{ rule: rule, match: match, reason: reason } for rule in rules]
