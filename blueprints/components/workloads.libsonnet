// workloads deploys applications of the users' own: each in a namespace with fences, from a folder of this repository or of another one.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local fences = import '../lib/fences.libsonnet';
local stages = import '../stages.libsonnet';

component(
  {
    name: 'workloads',
    purpose: "deploys the users' own applications from folders of the repository, or from repositories of their own",
    when: 'workloads',
  },
  { namespace: 'default' },
  function(p, platform)
    local here = [w for w in platform.spec.workloads if std.member(w.clusters, platform.cluster.name)];
    local namespaces = std.set([w.namespace for w in here]);
    {
      stage: stages.teams,
      data: [
        data.claims(platform, namespace, { what: 'the volumes of workloads in ' + namespace, loss: 'what the applications there keep on volumes' })
        for namespace in namespaces
      ],
      tenants: if here == [] then [] else [{
        name: 'workloads',
        namespaces: namespaces,
        objects: {
          [namespace + '.yaml']:
            [fences.namespace(namespace, platform.podSecurity, { project: namespace, owner: 'platform' }) + fences.meshed(platform)]
            + fences.policies(namespace, fences.doors(platform))
            + platform['service-mesh'].policies(namespace)
          for namespace in namespaces
        },
        project: {
          description: 'An application of ' + platform.spec.name + ' that stands in this repository and is not the platform itself',
          sourceRepos: [platform.spec.repository.url],
          clusterResourceWhitelist: [],
          namespaceResourceBlacklist: [{ group: 'argoproj.io', kind: '*' }],
        },
        workloads: here,
      }],
    },
)
