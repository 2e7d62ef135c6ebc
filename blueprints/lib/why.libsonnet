// why says beside a value why it is what it is. The reason becomes a comment above the value, wherever that is written.
//
// An object stays one: its fields are there, and more may be added by +. Of anything else the value can only be handed on.
function(value, reason)
  if std.isObject(value) then value { 'gitopsgen:why': reason }
  else { 'gitopsgen:why': reason, 'gitopsgen:value': value }
