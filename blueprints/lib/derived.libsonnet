// derived gives a parameter a default that follows from other parameters and from the platform's facts. says completes "by
// default", for people.
function(says, of) { 'gitopsgen:default'(p, platform):: of(p, platform), 'gitopsgen:says':: says }
