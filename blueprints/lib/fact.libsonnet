// fact is something that what serves a capability tells all components: a value, or a function. says is what it is, for people.
//
// absent is the answer where nothing serves the capability; outside the one where something does that is not in this
// repository, and the spec says no more of it.
function(says, absent=null, outside=absent) { says: says, absent:: absent, outside:: outside }
