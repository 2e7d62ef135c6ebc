// teams lets teams work apart: each has its namespaces, limits, rights and its own repository.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local fences = import '../lib/fences.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local tier = import '../lib/tier.libsonnet';
local stages = import '../stages.libsonnet';

// What the namespaces of one team may take together, unless the team says otherwise.
local quotas = tier(
  { 'requests.cpu': '4', 'requests.memory': '8Gi', 'limits.memory': '16Gi', pods: '50' },
  { 'requests.cpu': '8', 'requests.memory': '16Gi', 'limits.memory': '32Gi', pods: '100' },
  { 'requests.cpu': '16', 'requests.memory': '32Gi', 'limits.memory': '64Gi', pods: '200' }
);

// What a container gets that says nothing itself.
local defaults = kube.resources('50m', '128Mi', '256Mi');

// The kinds that hold a team in its place: it may not write them itself. Argo CD may do anything, so whoever writes a
// RoleBinding through it gives away any right.
local withheld = [
  { group: '', kind: 'LimitRange' },
  { group: '', kind: 'ResourceQuota' },
  { group: 'argoproj.io', kind: '*' },
  { group: 'rbac.authorization.k8s.io', kind: 'Role' },
  { group: 'rbac.authorization.k8s.io', kind: 'RoleBinding' },
];

local labelled(labels, object) = object { metadata+: { labels+: labels } };

local binding(role, namespace, groups) = kube.object('rbac.authorization.k8s.io/v1', 'RoleBinding', role, namespace, {
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group } for group in groups],
});

// role is one of Argo CD, for the groups of a team: what they may do with the Applications of its project. What these are, the
// team's repository says.
local role(project, name, groups, does) = {
  name: name,
  description: 'Those of the team who ' + name,
  groups: [login.quoted(group) for group in groups],
  policies: ['p, proj:' + project + ':' + name + ', ' + may + ', ' + project + '/*, allow' for may in does],
};

local does = {
  edit: ['applications, get', 'applications, sync', 'applications, action/*', 'logs, get'],
  view: ['applications, get', 'logs, get'],
};

// A namespace with its fences; what is in it is the team's.
local fenced(team, namespace, quota, platform) = [
  fences.namespace(namespace, platform.podSecurity, { project: team.name, owner: team.name }, { contact: team.owner }) + fences.meshed(platform),
  kube.object('v1', 'ResourceQuota', 'team', namespace, { spec: { hard: quota } }),
  // Their pods would make those of the platform give way.
  kube.object('v1', 'ResourceQuota', 'critical', namespace, { spec: {
    hard: { pods: '0' },
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: [kube.critical, kube.criticalEach] }] },
  } }),
  kube.object('v1', 'LimitRange', 'team', namespace, { spec: { limits: [{
    type: 'Container',
    default: defaults.limits,
    defaultRequest: defaults.requests,
  }] } }),
] + [
  binding(role, namespace, team.groups[role])
  for role in std.objectFields(team.groups)
] + fences.policies(namespace, fences.doors(platform)) + platform['service-mesh'].policies(namespace);

component(
  {
    name: 'teams',
    purpose: 'lets teams work apart on the same clusters',
    capability: 'tenancy',
    option: 'teams',
    params: {
      quota: 'what each team may take, as the keys of a ResourceQuota; they are merged over those of the tier',
    },
  },
  { namespace: 'default', quota: {}, quotas:: quotas },
  function(p, platform)
    {
      stage: stages.teams,
      data: [
        data.claims(platform, namespace, { what: 'the volumes of ' + team.name + ' in ' + namespace, loss: 'what ' + team.owner + ' keeps on volumes' })
        for team in platform.spec.teams
        if std.member(team.clusters, platform.cluster.name)
        for namespace in team.namespaces
      ],
      tenants: [
        local labels = {
          owner: team.name,
          project: platform.spec.name,
        };
        local groups = std.get(team, 'groups', {});
        local quota = p.quotas + p.quota + std.get(team, 'quota', {});
        {
          name: team.name,
          namespaces: team.namespaces,
          objects: {
            [namespace + '.yaml']: [
              labelled(labels, object)
              for object in fenced(team { groups: groups }, namespace, quota, platform)
            ]
            for namespace in team.namespaces
          },
          project: {
            description: 'What the team ' + team.name + ' runs; ask ' + team.owner,
            sourceRepos: if std.objectHas(team, 'apps') then [team.apps.repoURL] else [],
            clusterResourceWhitelist: [],
            namespaceResourceBlacklist: withheld,
            [if groups != {} then 'roles']: [
              role(platform.cluster.name + '-' + team.name, name, groups[name], does[name])
              for name in std.objectFields(groups)
            ],
          },
          [if std.objectHas(team, 'apps') then 'apps']: team.apps,
        }
        for team in platform.spec.teams
        if std.member(team.clusters, platform.cluster.name)
      ],
    },
)
