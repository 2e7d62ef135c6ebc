// data says what a component holds that Git does not have, as the part `data` tells it. What backs it up, the platform's facts say.
local otherwise = {
  after: '',  // what is done once all data is back, Markdown
  backup: null,  // what backs it up, as words; null is nothing
  dispensable: '',  // why it may be lost, and nothing need back it up
  history: false,  // only what was is lost, and everything works without
  keep: if self.backup == null && self.dispensable == '' then error 'data: say how ' + self.what + ' gets a backup' else '',
  loss: if self.dispensable == '' then error 'data: say what is lost without it' else '',
  namespace: '',
  restore: '',  // how it comes back, Markdown; where nothing is said, with its namespace
  what: error 'data: say what it is',
  when: 'running',  // when it comes back: one of times
  where: error 'data: say where it is',
};

// times are in their order: before the cluster is there, before the bootstrap, before other data, after the bootstrap.
local times = ['machines', 'secrets', 'backups', 'running'];

local known(given) =
  local strange = [field for field in std.objectFields(given) if !(field in otherwise)];
  local told = otherwise + given;
  if strange == [] then
    if std.member(times, told.when) then told else error 'data: when ' + told.when + ': want one of ' + std.join(', ', times)
  else error 'data: unknown field ' + strange[0] + '; there are ' + std.join(', ', std.objectFields(otherwise));

local saved(platform, namespace) = if std.member(platform.backup.except, namespace) then null else platform.backup.by;

local keep(platform) =
  if platform.backup.by != null then 'let it be backed up: its namespace is left out, or copy it by hand'
  else 'have capabilities.backup served by an option that `gitopsgen catalog` lists, and told where to, or copy it by hand';

{
  // of is anything; what backs it up it says itself.
  of(given):: known(given),

  // claims are the volumes of a namespace.
  claims(platform, namespace, given):: known({
    namespace: namespace,
    where: 'claims in the namespace ' + namespace,
    backup: if saved(platform, namespace) != null then saved(platform, namespace) else platform.storage.backup,
    keep: keep(platform),
  } + given),

  // secret is one that must be there before the bootstrap, so that nothing makes another in its place.
  secret(platform, namespace, name, given):: known({
    namespace: namespace,
    where: 'Secret ' + namespace + '/' + name,
    when: 'secrets',
    backup: saved(platform, namespace),
  } + given),

  // copied are the namespaces whose volumes what backs up the cluster brings back, those of mere history or all others.
  copied(platform, history):: std.set([
    held.namespace
    for held in platform.data
    if held.when == 'running' && held.namespace != '' && held.history == history && held.backup != null && held.backup == platform.backup.by
  ]),
  // kept are those whose Secrets it has, and which may be taken of it.
  kept(platform):: std.set([held.namespace for held in platform.data if held.when == 'secrets' && held.backup != null && held.backup == platform.backup.by]),
}
