// trivy-operator looks for known vulnerabilities and forgotten secrets in all images that run.
//
// What objects say is judged before they come, by this repository's own policies, and machines are none of its business: it
// looks at neither. One server holds what is known; Jobs ask it, one an image, in the operator's own namespace.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';

local name = 'trivy-operator';
local server = 'trivy-server';

local alarms = [{ name: name, rules: [
  measure.alarm(
    'ImagesVulnerable',
    'warning',
    '1h',
    'sum by (namespace) (trivy_image_vulnerabilities{severity="Critical"}) > 0',
    'Images in {{ $labels.namespace }} have {{ $value }} critical vulnerabilities: kubectl -n {{ $labels.namespace }} get vulnerabilityreports names them.'
  ),
  measure.alarm(
    'ImagesTellSecrets',
    'warning',
    '1h',
    'sum by (namespace) (trivy_image_exposedsecrets{severity="Critical"}) > 0',
    'There are secrets in images in {{ $labels.namespace }}: kubectl -n {{ $labels.namespace }} get exposedsecretreports names them.'
  ),
  measure.alarm('ImagesNotScanned', 'warning', '1d', 'absent(trivy_image_vulnerabilities)', 'For a day nobody has known of any image whether it is vulnerable.'),
] }];

local panels = [
  measure.now('Vulnerabilities', 'none', { '{{severity}}': 'sum by (severity) (trivy_image_vulnerabilities)' }),
  measure.now('Secrets in images', 'none', { '{{severity}}': 'sum by (severity) (trivy_image_exposedsecrets)' }),
  measure.line('Critical vulnerabilities by namespace', 'none', { '{{namespace}}': 'sum by (namespace) (trivy_image_vulnerabilities{severity="Critical"})' }),
  measure.line('Images with the most critical ones', 'none', {
    '{{image_repository}}:{{image_tag}}': 'topk(10, max by (image_repository, image_tag) (trivy_image_vulnerabilities{severity="Critical"}))',
  }),
];

component(
  {
    name: name,
    purpose: 'looks for known vulnerabilities and forgotten secrets in all images that run',
    capability: 'image-scanning',
    option: name,
    params: {
      severity: 'which severities of flaws count',
      unfixed: 'whether flaws count, too, that nobody has mended yet',
      except: 'namespaces that are not looked at',
      pullSecrets: 'whether it may read all Secrets of the cluster: images of private registries are had with those of their pods',
    },
  },
  {
    namespace: 'trivy-system',
    version: '0.34.0',
    severity: 'HIGH,CRITICAL',
    unfixed: false,
    except: [],
    pullSecrets: false,
    scans:: tier(1, 3, 5),
    resources:: tier(kube.resources('50m', '256Mi', '1Gi'), kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi')),
  },
  function(p, platform)
    // Names of images that stand in configuration, and of databases, which are had like images.
    local parts(ref) = platform.imageParts('mirror.gcr.io/aquasec/' + ref);
    local db = parts('trivy-db');
    local java = parts('trivy-java-db');
    local job = kube.resources('100m', '128Mi', '1Gi') { limits+: { cpu: null } };
    {
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['mirror.gcr.io/aquasec/'],
      images: ['mirror.gcr.io/aquasec/trivy-operator'],
      charts: [{
        repo: 'https://aquasecurity.github.io/helm-charts/',
        name: name,
        version: p.version,
        includeCRDs: true,
        values: {
          excludeNamespaces: std.join(',', p.except),
          operator: {
            builtInTrivyServer: why(true, 'Else each Job would fetch anew what is known.'),
            accessGlobalSecretsAndServiceAccount: why(
              p.pullSecrets,
              if p.pullSecrets then 'It reads what pods get into private registries with, and so all Secrets.'
              else 'It cannot read any Secret of others. Images of private registries take the parameter pullSecrets.'
            ),
            scanJobsConcurrentLimit: p.scans,
            scanJobTimeout: why('15m', 'Large images take more than five minutes.'),
            sbomGenerationEnabled: why(false, 'A list of all that is in an image would be an object of the cluster, of up to a MB.'),
            configAuditScannerEnabled: why(false, 'Objects are judged before they come.'),
            rbacAssessmentScannerEnabled: false,
            infraAssessmentScannerEnabled: why(false, 'It would see the disks of all machines.'),
            clusterComplianceEnabled: false,
          },
          trivy: {
            image: parts('trivy'),
            dbRegistry: db.registry,
            dbRepository: db.repository,
            javaDbRegistry: java.registry,
            javaDbRepository: java.repository,
            severity: p.severity,
            ignoreUnfixed: why(!p.unfixed, if p.unfixed then 'Also what nobody has mended yet.' else 'What nobody has mended yet nobody here can mend.'),
            timeout: '15m0s',
            resources: job,
            storageClassEnabled: why(false, 'What it knows can be fetched again.'),
            server: {
              podSecurityContext: { runAsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } },
              securityContext: kube.confined,
              resources: kube.resources('100m', '256Mi', '1Gi') { limits+: { cpu: null } },
            },
          },
          trivyOperator: {
            scanJobPodTemplatePodSecurityContext: kube.user(65534),
          },
          nodeCollector: platform.imageParts('ghcr.io/aquasecurity/node-collector'),
          policiesBundle: parts('trivy-checks'),
          podSecurityContext: kube.user(10000),
          resources: p.resources,
        },
      }],
      objects: {
        // The server asks nobody who they are, and the measures tell what is vulnerable.
        'network-policy.yaml': kube.reached(name, p.namespace, {}, [{ podSelector: {} }] + platform.monitoring.peers),
      },
      waivers: waive(
        ['references/headless-service'],
        { kind: 'StatefulSet', namespace: p.namespace, name: server },
        'There is one server, and nobody asks it by the name of its pod.'
      ),
      extras: {
        'monitor.yaml':
          platform.monitoring.monitor(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } }, [
            { port: 'metrics', honorLabels: true },
          ])
          + platform.monitoring.rules(name, p.namespace, alarms),
        'dashboard.yaml': platform.monitoring.dashboard(name, 'Images', panels),
      },
    },
)
