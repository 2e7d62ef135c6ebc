// component makes a component out of what it is, its parameters and the function that builds it.
//
// about says which option of which capability it is, and the like; defaults are all parameters with their values, the
// namespace among them, and hidden (::) what only the component itself takes from there; build turns the parameters in force
// and the platform's facts into parts. Whatever is not listed here or among the defaults is an error.
local all = import 'parts.libsonnet';

// otherwise is what a thing is of which nothing is said.
local otherwise(fields) = { [name]: fields[name].otherwise for name in std.objectFields(fields) };

// plain is a value without the reason for it.
local plain(value) = if std.isObject(value) then value['gitopsgen:value'] else value;

local nothing = otherwise(all.parts) {
  clients:: [],
  guarded:: [],
  extrasWave: if self.extrasStage != null then self.extrasStage.wave else plain(self.wave) + 5,
  provides:: {},
  wave: self.stage.wave,
};

local unsaid = otherwise(all.about);

// common are parameters that mean the same wherever there are any.
local common = {
  host: 'the name of its page in the DNS, in place of one below the domain',
  namespace: 'where it stands',
  replicas: 'how many pods of it run',
  version: 'the version of its chart',
};

local places = { edit: {}, machines: {}, section: {}, started: {} };

// mirrored has images and charts come from the site's own registries, where the platform has any. Images elsewhere than
// in pods are the component's own to name, by platform.image and platform.imageParts.
local mirrored(platform, c) = c {
  images: [{ name: name, newName: platform.image(name) } for name in c.images if platform.image(name) != name],
  registries: [platform.image(prefix) for prefix in c.registries],
  charts: [chart { repo: platform.chartRepo(chart.repo) } for chart in c.charts],
};

// default gives the value of a default: what tier and derived make says how to get it.
local default(value, p, platform) =
  if std.isObject(value) && 'gitopsgen:default' in value then value['gitopsgen:default'](p, platform)
  else value;

local isDerived(value) = std.isObject(value) && 'gitopsgen:says' in value;

// inForce are the parameters, those that nobody set and what is hidden among the defaults by their defaults. Null sets none.
local inForce(defaults, params, platform) =
  local p =
    { [name]: default(defaults[name], p, platform) for name in std.objectFieldsAll(defaults) }
    + { [name]: params[name] for name in std.objectFields(params) if params[name] != null };
  p;

function(about, defaults, build)
  local known(what, there, given) =
    local strange = [field for field in std.objectFieldsAll(given) if !std.objectHas(there, field)];
    if strange == [] then given
    else error about.name + ': unknown ' + what + ' ' + strange[0] + '; there are ' + std.join(', ', std.objectFields(there));
  local is = unsaid + known('field of about', all.about, about);

  {
    about: is,

    // described is what people are told of it, with the charts that it has by default; the facts are those of a platform on
    // which nothing serves anything. A default that follows from something else is null, and derived says from what.
    described(platform)::
      local p = inForce(defaults, {}, platform);
      local says = common + is.params;
      local strange = [name for name in std.objectFields(is.params) if !std.objectHas(defaults, name)];
      local one(name) = {
        local said = std.get(says, name, ''),
        says: if std.isObject(said) then said.says else said,
        type: if std.isObject(said) then said.type else if p[name] == null then 'string' else std.type(p[name]),
      };
      local derived = { [name]: defaults[name]['gitopsgen:says'] for name in std.objectFields(defaults) if isDerived(defaults[name]) };
      {
        about: is,
        params: if strange == [] then { [name]: one(name) for name in std.objectFields(defaults) } else error is.name + ': about.params: there is no parameter ' + strange[0],
        defaults: { [name]: if name in derived then null else p[name] for name in std.objectFields(defaults) },
        derived: derived,
        charts: [{ repo: chart.repo, name: chart.name, version: chart.version } for chart in $.instance({}, platform).charts],
      },

    // instance builds the component for one cluster. overlay is what a user's blueprint changes in it.
    instance(params, platform, overlay={})::
      local p = inForce(defaults, known('parameter', defaults, params), platform);
      local itself = { name: is.name, namespace: p.namespace, capability: is.capability, with: is.with };
      local part(given) = known('part', all.parts, given);
      local whole = nothing + itself + part(build(p, platform)) + part(overlay);
      mirrored(platform, whole { readme: known('place in readme', places, super.readme) }),
  }
