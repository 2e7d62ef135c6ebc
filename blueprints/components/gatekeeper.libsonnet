// gatekeeper lets the API server ask policies before it accepts anything: those that judge the repository.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// In these it is not asked: nobody could repair what a policy, or an engine that is down, stops there.
local own(platform) = std.set(['kube-system'] + [
  platform[capability].namespace
  for capability in ['gitops', 'network', 'storage']
  if platform[capability].namespace != null
]);

component(
  {
    name: 'gatekeeper',
    purpose: 'lets the API server ask policies before it accepts anything',
    capability: 'policy',
    option: 'gatekeeper',
    params: {
      failurePolicy: '`Ignore`, or `Fail`: nothing is accepted while it does not answer',
      enforce: 'what is done with what a policy finds: `dryrun` lists it, `warn` tells it, `deny` refuses it',
      exempt: 'namespaces that it leaves alone, besides those of the cluster itself',
    },
  },
  {
    namespace: 'gatekeeper-system',
    version: '3.23.0',
    replicas: tier(1, 2, 3),
    failurePolicy: 'Ignore',
    enforce: 'dryrun',
    exempt: [],
  },
  function(p, platform)
    {
      stage: stages.policy,
      policies: {
        enforce:
          if std.member(['dryrun', 'warn', 'deny'], p.enforce) then p.enforce
          else error 'gatekeeper: enforce ' + p.enforce + ': want dryrun, warn or deny',
      },
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/openpolicyagent/'],
      images: ['openpolicyagent/gatekeeper'],
      charts: [{
        repo: 'https://open-policy-agent.github.io/gatekeeper/charts',
        name: 'gatekeeper',
        version: p.version,
        includeCRDs: true,
        values: {
          replicas: p.replicas,
          pdb: { controllerManager: { minAvailable: std.max(0, p.replicas - 1) } },
          validatingWebhookFailurePolicy:
            if p.failurePolicy == 'Fail' then why('Fail', 'While it does not answer nothing is accepted, but in the namespaces below.')
            else if p.failurePolicy == 'Ignore' then why('Ignore', 'While it does not answer everything is accepted, and the audit finds it later. With Fail nothing would be,\nand no pod started again.')
            else error 'gatekeeper: failurePolicy ' + p.failurePolicy + ': want Ignore or Fail',
          validatingWebhookExemptNamespacesLabels: why({
            'kubernetes.io/metadata.name': std.setUnion(own(platform), std.set(p.exempt)),
          }, 'The API server does not ask about these, so that the cluster can always be repaired. The audit looks at them all the same.'),
          disableMutation: why(true, 'Nothing here is changed behind the back of Git.'),
          enableExternalData: why(false, 'Policies ask nobody else.'),
          logDenies: true,
          auditInterval: why(300, 'Seconds. It asks the API server for all objects of the kinds that policies are about.'),
          auditMatchKindOnly: true,
          upgradeCRDs: why({ enabled: false }, 'Argo CD brings the CRDs.'),
          postInstall: why(
            { labelNamespace: { enabled: false }, probeWebhook: { enabled: false } },
            'Argo CD would run these Jobs at every sync. The namespace comes with all others, and its own webhook leaves it alone.'
          ),
          controllerManager: {
            resources: kube.resources('100m', '512Mi', '1Gi'),
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread({ 'gatekeeper.sh/operation': 'webhook' }),
          },
          audit: { resources: kube.resources('100m', '512Mi', '2Gi') },
        },
      }],
      waivers: waive(
        ['rbac/exec', 'rbac/node-access', 'rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: 'gatekeeper-manager-role' },
        'It audits whatever a constraint is about.'
      ),
      provides:: { namespace: p.namespace },
    },
)
