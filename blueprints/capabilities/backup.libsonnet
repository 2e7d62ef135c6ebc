// backup: redundancy is no backup.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'backup',
  purpose: 'redundancy is no backup',
  takes: tier('optional', 'optional', 'mandatory velero'),
  facts: {
    by: fact('what backs up objects and volumes to somewhere else, as words', null, 'what backs up this cluster from outside of this repository'),
    except: fact('namespaces that it leaves out', []),
    before: fact('`(container, command)`: annotations of pods by which a shell runs a command in a container before their volumes are read', function(container, command) {}),
  },
})
