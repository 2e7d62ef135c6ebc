// capability declares something that a platform can do, and what components learn of whatever serves it.
//
// takes says how much the tiers ask for it, mandatory, recommended or optional, and the option that they take where the spec
// names none: 'mandatory dex', or 'optional', the same for all or by tier. vital is what becomes of a platform while what serves it
// does not run, where that is why its pods go before others: with kube.critical, and on each machine kube.criticalEach. Options
// without a component are those that the catalogue lacks so far. An optional capability is off until an option is chosen, or
// implied gives one for a spec. otherwise is the option that they take where their own requires what the spec does not choose.
local declared = {
  name: error 'a capability has no name',
  purpose: error self.name + ': say the purpose in one line',
  takes: error self.name + ': say what the tiers take',
  implied(spec):: 'none',
  otherwise:: 'none',
  vital: '',
  facts: {},  // made by lib/fact.libsonnet
};

local levels = ['mandatory', 'optional', 'recommended'];

// Every capability has these facts besides its own.
local always = { served: true, external: false };

function(given)
  local known(what, there, fields) =
    local strange = [field for field in fields if !std.member(there, field)];
    if strange == [] then true
    else error given.name + ': unknown ' + what + ' ' + strange[0] + '; there are ' + std.join(', ', there);
  local is = if known('field', std.objectFieldsAll(declared), std.objectFieldsAll(given)) then declared + given;
  local names = std.objectFields(is.facts);
  local answers(of) = { [fact]: is.facts[fact][of] for fact in names };
  local absent = answers('absent'), outside = answers('outside');

  is {
    // taken is the level in a tier, and the option that it takes. It has fields, and not an argument: fields are kept.
    taken:: { small: take('small'), medium: take('medium'), enterprise: take('enterprise') },
    local take(tier) =
      local said = if std.isString(is.takes) then is.takes else is.takes['gitopsgen:default']({}, { tier: tier, single: false });
      local words = std.split(said, ' ');
      if std.member(levels, words[0]) && std.length(words) == (if words[0] == 'optional' then 1 else 2)
      then { level: words[0], option: (words + ['none'])[1] }
      else error is.name + ': takes ' + said + ': want mandatory or recommended and an option, or optional',

    // What components are told: where nothing serves it, where something outside of this repository does, and where a
    // component provides it.
    absent:: absent { served: false, external: false },
    outside(facts):: if known('fact', names, std.objectFields(facts)) then outside + always + facts + { external: true },
    provided(component, facts)::
      local strange = [fact for fact in std.objectFieldsAll(facts) if !std.member(names, fact)];
      if strange == [] then absent + always + facts
      else error component + ' provides ' + is.name + '.' + strange[0] + ', which capabilities/' + std.strReplace(is.name, '-', '_') + '.libsonnet does not declare; there are ' + std.join(', ', names),

    // described are the facts, for people. The answers of functions are lists of no objects.
    described:: {
      [fact]:
        local called = std.isFunction(absent[fact]);
        { says: is.facts[fact].says, 'function': called, absent: if called then [] else absent[fact], outside: if called then [] else outside[fact] }
      for fact in names
    },
  }
