// platform chooses an option for each capability of a tier, and builds the components of each cluster.
//
// Components meet through capabilities: each is handed platform.<capability>, the facts of whatever serves it. Jsonnet
// is lazy, so facts and components define each other in one pass. What is the same for all clusters is made once, in
// hidden fields, because fields are kept and calls are not.
local mirror = import 'mirror.libsonnet';
local parts = import 'parts.libsonnet';

local capabilities = { [c.name]: c for c in std.objectValues(import '../capabilities.libsonnet') };

local names = std.objectFields(capabilities);

// known gives a field, or an error that lists those that there are.
local known(what, there, name) =
  if name in there then there[name]
  else error 'unknown ' + what + ' ' + name + '; there are ' + std.join(', ', std.objectFields(there));

// index sorts the components of a catalogue: by name, by the capability and option that they lead, and by the capabilities that
// they bring. Each is looked at once, because every capability asks.
local index(catalogue) = {
  local name(key) =
    if 'about' in catalogue[key] && 'name' in catalogue[key].about then catalogue[key].about.name
    else error 'catalogue: ' + key + ' is no component; one that is changed has to be there: ' + std.join(', ', [k for k in std.objectFields(catalogue) if k != key]),
  byName: { [name(key)]: catalogue[key] for key in std.objectFields(catalogue) },
  local abouts = [c.about for c in std.objectValues(self.byName)],
  options:
    local leaders = [about for about in abouts if about.capability != ''];
    local strange = [about for about in leaders if !(about.capability in capabilities)];
    if strange != [] then error strange[0].name + ': unknown capability ' + strange[0].capability
    else std.foldl(function(options, about) options { [about.capability]+: { [about.option]: about.name } }, leaders, { [c]: {} for c in names }),
  bringers: { [c]: [about for about in bringers if c in about.brings] for c in names },
  local bringers = [about for about in abouts if about.brings != {}],
};

// default is the level of a capability in a tier, and the option that it takes where the spec names none.
local default(tier, capability, spec) =
  local taken = capabilities[capability].taken[tier];
  taken { option: if taken.option == 'none' then capabilities[capability].implied(spec) else taken.option };

// unmetBy lists what a component requires and the spec does not choose; what serves from outside is taken to do.
local unmetBy(about, choices) = [
  capability + ': ' + about.requires[capability]
  for capability in std.objectFields(about.requires)
  if !('external' in known('capability', choices, capability)) && std.get(choices[capability], 'option') != about.requires[capability]
];

// brings reports whether a component that can bring a capability is chosen for its own, and nobody switched that off.
local brings(about, capability, spec, choices) =
  std.get(choices[about.capability], 'option') == about.option
  && std.get(std.get(std.get(spec.components, about.name, {}), 'params', {}), about.brings[capability]) != false;

// choose says what serves a capability: what the spec asks for, else what another option brings besides its own, else what the
// tier takes. others are the choices for all capabilities.
local choose(tier, capability, index, spec, others) =
  local options = index.options[capability];
  local asked = capability in spec.capabilities;
  local of = 'capabilities.' + capability + ': ';
  local taken = default(tier, capability, spec);
  local wish = std.get(spec.capabilities, capability, taken.option);
  local there = std.objectFields(options);
  local unmet(option) = unmetBy(index.byName[options[option]].about, others);
  local bringers = [about for about in index.bringers[capability] if brings(about, capability, spec, others)];
  { purpose: capabilities[capability].purpose, level: taken.level } + (
    if std.isObject(wish) then wish
    else if !asked && bringers != [] then { brought: bringers[0].name }
    else if wish == 'none' then
      if taken.level == 'mandatory' && there != [] then error of + 'mandatory for ' + tier + '; choose one of ' + std.join(', ', there) + ', or say what serves it: {external: {by: ..., reason: ...}}'
      else { none: true }
    else if wish in options then
      if bringers != [] then
        error of + bringers[0].name + ' brings what serves it: leave it out, or have ' + wish + ' by components.' + bringers[0].name + '.params.' + bringers[0].brings[capability] + ': false'
      else if unmet(wish) == [] then { option: wish }
      else if asked then error of + wish + ' works with capabilities.' + std.join(', capabilities.', unmet(wish)) + ' alone; choose that, or another option here'
      else
        local instead = capabilities[capability].otherwise;
        if instead in options && unmet(instead) == [] then { option: instead } else { none: true }
    else if asked then error of + 'no option ' + wish + '; there are ' + std.join(', ', there + ['none'])
    else if there == [] then { missing: true }
    else { option: there[0], instead: wish }
  );

// common are the facts of a cluster that no component gives.
local common(tier, spec, cluster) = mirror(std.get(spec.registries, 'mirror', {})) {
  local alone = std.get(spec, 'profile') == 'single',
  spec: spec,
  cluster: cluster { [if alone then 'machines']:: 1 },
  tier: tier,
  single: alone,
  hub: cluster.name == spec.clusters[0].name,
  podSecurity: if tier == 'small' then 'baseline' else 'restricted',
};

// strict refuses what a user's blueprint sets and nothing reads.
local strict(blueprint) = blueprint {
  local there = std.objectFieldsAll(blueprint),
  local strange = [field for field in std.objectFieldsAll(self) if !std.member(there, field)],
  assert strange == [] : 'unknown field ' + strange[0] + '; there are catalogue, for components of your own, and components, for changes to them; what only helps goes into a local',
};

function(tier, catalogue, spec) strict({
  local blueprint = self,

  catalogue:: catalogue,
  // components says what a user's blueprint changes in components, by name.
  components:: {},

  index:: index(self.catalogue),
  leaders:: {  // capability: the component that leads its option
    [c]: blueprint.index.options[c][blueprint.capabilities[c].option]
    for c in names
    if 'option' in blueprint.capabilities[c]
  },

  describe:: {
    about: { [name]: parts.about[name].says for name in std.objectFields(parts.about) },
    parts: { [name]: parts.parts[name].says for name in std.objectFields(parts.parts) },
    capabilities: {
      [c]: {
        purpose: capabilities[c].purpose,
        vital: capabilities[c].vital,
        level: capabilities[c].taken[tier].level,
        default: default(tier, c, spec).option,
        options: blueprint.index.options[c],
        facts: capabilities[c].described,
      }
      for c in names
    },
    components:
      local nowhere = common(tier, spec, spec.clusters[0]) + { [c]: capabilities[c].absent for c in names } + { clients: [], data: [], guarded: [] };
      { [name]: blueprint.index.byName[name].described(nowhere) for name in std.objectFields(blueprint.index.byName) },
  },

  capabilities:
    local strange = [c for c in std.objectFields(spec.capabilities) if !std.member(names, c)];
    if strange != [] then known('capability', capabilities, strange[0])
    else { [c]: choose(tier, c, blueprint.index, spec, self) for c in names },

  // chosen are the names of all components: leaders, their companions, and what is switched on by itself.
  chosen::
    local byName = blueprint.index.byName;
    local there = std.objectFields(byName);
    local strange = [name for name in std.objectFields(spec.components + blueprint.components) if !std.member(there, name)];
    local switch(name) = std.get(std.get(spec.components, name, {}), 'enabled');
    local led = std.objectValues(blueprint.leaders);
    local companions = std.flatMap(function(name) byName[name].about.with, led);
    local wanted(name) =
      local about = known('component', byName, name).about;
      if std.member(led, name) then
        if switch(name) == false then error 'components.' + name + ': it serves capabilities.' + about.capability + '; choose another option there'
        else true
      else if switch(name) == true && about.capability != '' && !std.member(companions, name) then error 'components.' + name + ': it serves capabilities.' + about.capability + '; choose the option ' + about.option + ' there'
      else switch(name) == true || switch(name) == null && (about.enabled || about.when != '' && spec[about.when] != [] || std.member(companions, name));
    if strange != [] then known('component', byName, strange[0])
    else [name for name in there + [name for name in companions if !std.member(there, name)] if wanted(name)],

  built:: [
    local set = [spec.components, std.get(cluster, 'components', {})];
    local facts = common(tier, spec, cluster) {
      [c]: blueprint.facts(c, components)
      for c in names
    } {
      clients: std.flatMap(function(c) c.clients, std.objectValues(components)),
      data: std.flatMap(function(c) c.data, std.objectValues(components)),
      guarded: std.flatMap(function(c) c.guarded, std.objectValues(components)),
    }, components = {
      [name]: blueprint.index.byName[name].instance(
        std.foldl(function(params, set) params + std.get(std.get(set, name, {}), 'params', {}), set, {}),
        facts,
        std.get(blueprint.components, name, {})
      )
      for name in blueprint.chosen
      if facts.hub || !blueprint.index.byName[name].about.hub
    };
    { name: cluster.name, components: components, facts: facts }
    for cluster in spec.clusters
  ],

  // facts are what components of a cluster learn of a capability: what its leader provides and, where that is silent, what comes along
  // with it and could lead another of its options. What stands on the hub alone serves every cluster.
  facts(capability, components)::
    local choice = blueprint.capabilities[capability];
    if 'external' in choice then capabilities[capability].outside(std.get(choice.external, 'facts', {}))
    else if 'brought' in choice then capabilities[capability].provided(choice.brought, {})
    else if !(capability in blueprint.leaders) then capabilities[capability].absent
    else
      local byName = blueprint.index.byName;
      local leader = blueprint.leaders[capability];
      local along = [name for name in byName[leader].about.with if name in byName && byName[name].about.capability == capability];
      local here(name) = if name in components then components else blueprint.built[0].components;
      capabilities[capability].provided(leader, std.foldl(function(facts, name) facts + here(name)[name].provides, along + [leader], {})),

  clusters: [
    local serves(need) =
      local choice = known('capability', blueprint.capabilities, need);
      'external' in choice || 'brought' in choice || need in blueprint.leaders;
    local unmet = [
      c.name + ' needs the capability ' + need + ', which nothing serves'
      for c in std.objectValues(cluster.components)
      for need in c.needs
      if !serves(need)
    ];
    // Whatever is told of a capability is held against what it declares, whether anybody asks or not.
    if unmet != [] then error unmet[0]
    else if std.all([std.isObject(cluster.facts[c]) for c in names]) then { name: cluster.name, components: std.objectValues(cluster.components) }
    for cluster in blueprint.built
  ],
})
