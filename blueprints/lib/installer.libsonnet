// installer makes a component out of what installs a cluster. It brings nothing: it tells other components what stands there,
// and people what to write into the installer's own files, so that the cluster fits to what this platform brings and expects.
//
// is says what is particular to one of them:
//
//     name, title, purpose    of its component, and its name for people
//     brings                  as a component says it
//     kubelets, api, sealed,
//     containers, snapshots,
//     authentication          as capabilities/installation.libsonnet has them
//     files(p, wanted)        what people write, [{where, text}]: Markdown before a block, and its lines, in lists within lists; null is no line
//     etcd                    how its snapshots are made and come back, {save, back}, and what else is needed then
//     steps(p, wanted)        further paragraphs, of what people do besides
local component = import 'component.libsonnet';
local data = import 'data.libsonnet';
local login = import 'login.libsonnet';

local otherwise = {
  brings: {},
  params: {},
  api: null,
  sealed: false,
  snapshots: false,
  containers: '/run/containerd/containerd.sock',
  authentication: '/etc/kubernetes/authentication/config.yaml',
  steps(p, wanted):: [],
};

// flags are arguments of the API server, in their order.
local flag(name, value) = { name: name, value: value };
local auditLog = '/var/log/kubernetes/audit/audit.log';
local auditFlags(policy) = [
  flag('audit-policy-file', policy),
  flag('audit-log-path', auditLog),
  flag('audit-log-maxage', '30'),
  flag('audit-log-maxbackup', '10'),
  flag('audit-log-maxsize', '100'),
];

// auditRules are those of a policy: who did what to which object, and with what where it matters, without what nobody looks at.
local auditRules = [
  '- level: None',
  '  userGroups: ["system:nodes", "system:serviceaccounts:kube-system"]',
  '  verbs: [get, list, watch]',
  '- level: None',
  '  users: ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"]',
  '  verbs: [get, list, watch]',
  '- level: None',
  '  nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/metrics"]',
  '- level: None',
  '  resources:',
  '    - {group: "", resources: [events]}',
  '    - {group: events.k8s.io, resources: [events]}',
  '    - {group: coordination.k8s.io, resources: [leases]}',
  "- level: Metadata  # what is in these is nobody's to read in a log",
  '  resources:',
  '    - {group: "", resources: [secrets, configmaps, serviceaccounts/token]}',
  '    - {group: authentication.k8s.io, resources: [tokenreviews]}',
  '- level: Request  # whoever enters a pod, and whoever changes what others may do',
  '  resources:',
  '    - {group: "", resources: [pods/attach, pods/ephemeralcontainers, pods/exec, pods/portforward]}',
  '    - {group: rbac.authorization.k8s.io}',
  '  verbs: [create, update, patch, delete, deletecollection, get]',
  '- level: Metadata',
];
local indented(by, list) = [by + line for line in list];

// wanted is what this platform asks of the installation of a cluster, whatever does it.
local wanted(is, platform) = {
  local ours(capability) = platform[capability].served && !platform[capability].external,
  local ranges = platform.cluster.networks,

  // network, ingress, metrics and so on say whether this repository brings what serves them, so that the installer must not.
  network: ours('network'),
  proxyless: platform.network.proxyless,
  ingress: ours('ingress'),
  storage: ours('storage'),
  loadBalancer: ours('load-balancer') && !platform['load-balancer'].bundled,
  audit: ours('audit'),
  // people says whether the API server is to take the tokens of people. Whose, a file says, in a folder of its own.
  people: login.serves(platform),
  authentication: is.authentication,
  identities: std.join('/', std.slice(std.split(is.authentication, '/'), 0, -1, 1)),
  configuration: std.split(std.manifestYamlDoc(login.configuration(platform), quote_keys=false), '\n'),

  kubernetesVersion: platform.cluster.kubernetesVersion,
  pods: std.get(ranges, 'pod'),
  services: std.get(ranges, 'service'),
  networks: self.pods != null || self.services != null,
  virtualIP: std.get(ranges, 'virtualIP'),
  // endpoint is the virtual IP as part of a URL.
  endpoint: if self.virtualIP == null then null else (if std.member(self.virtualIP, ':') then '[' + self.virtualIP + ']' else self.virtualIP) + ':6443',

  // flags are the arguments of the API server, where its policy of auditing stands in a file.
  flags(policy):: (if self.audit then auditFlags(policy) else []) + self.peopleFlags,
  peopleFlags:: if self.people then [flag('authentication-config', self.authentication)] else [],
  auditRules: auditRules,
  // policy is that file.
  policy: ['apiVersion: audit.k8s.io/v1', 'kind: Policy', 'omitStages: [RequestReceived]', 'rules:'] + indented('  ', auditRules),
};

local lines(file) = [line for line in std.flattenDeepArray(file.text) if line != null];
local block(file) = file.where + '\n\n```yaml\n' + std.join('\n', lines(file)) + '\n```\n';

local section(is, p, platform) =
  local want = wanted(is, platform);
  // Clusters that differ have a section each, and those that do not one together.
  local several = std.length(platform.spec.clusters) > 1 && platform.cluster.networks != {};
  local files = [file for file in is.files(p, want) if lines(file) != []];
  std.join('\n', [
    '## Installation' + (if several then ' of ' + platform.cluster.name else '') + '\n',
    'The cluster is installed by ' + is.title + ', before anything here. What stands below is what this platform expects of it; all else is yours to choose.\n',
  ] + [block(file) for file in files] + [step + '\n' for step in is.steps(p, want)]);

{
  // listed, named and mapped are flags as different files write them.
  listed(by, flags):: [by + '- ' + f.name + '=' + f.value for f in flags],
  named(by, flags):: std.flatMap(function(f) [by + '- name: ' + f.name, by + '  value: ' + std.escapeStringJson(f.value)], flags),
  mapped(by, flags):: [by + f.name + ': ' + std.escapeStringJson(f.value) for f in flags],

  indented: indented,

  // volumes give the API server, a pod of kubeadm's, the files that its flags name, and the folder of its log.
  volumes(policy, wanted)::
    local audit = [
      '  - {name: audit-policy, hostPath: ' + policy + ', mountPath: ' + policy + ', readOnly: true, pathType: File}',
      '  - {name: audit-log, hostPath: /var/log/kubernetes/audit, mountPath: /var/log/kubernetes/audit, pathType: DirectoryOrCreate}',
    ];
    local people = ['  - {name: authentication, hostPath: ' + wanted.identities + ', mountPath: ' + wanted.identities + ', readOnly: true, pathType: Directory}'];
    local all = (if wanted.audit then audit else []) + (if wanted.people then people else []);
    if all == [] then [] else ['extraVolumes:'] + all,

  // approval says what people do where kubelets ask for certificates and nothing approves them.
  approval:: 'Kubernetes approves none of the certificates that kubelets then ask for, and ask for again before they end: `kubectl get csr`, and after a look at who asks `kubectl certificate approve NAME`, or run an approver.',

  component(given, defaults={}):: local is = otherwise + given; component(
    {
      name: is.name,
      purpose: is.purpose,
      capability: 'installation',
      option: is.name,
      brings: is.brings,
      params: is.params,
    },
    { namespace:: null } + defaults,
    function(p, platform) {
      readme: {
        machines: is.title + ' installs the cluster on them, as [Installation](#installation) says.',
        section: section(is, p, platform),
      },
      data: [data.of({
        what: 'etcd, with all objects',
        where: is.etcd.where,
        when: 'machines',
        backup: platform.backup.by,
        loss: 'objects that stand in neither Git nor a backup: what people made by hand',
        keep: is.etcd.save,
        restore: is.etcd.back,
      })],
      provides:: { title: is.title, kubelets: is.kubelets, api: is.api, sealed: is.sealed, snapshots: is.snapshots, containers: is.containers, authentication: is.authentication },
    },
  ),
}
