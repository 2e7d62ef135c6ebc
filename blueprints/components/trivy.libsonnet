// trivy looks for known vulnerabilities and forgotten secrets in all images of this repository, in its pipeline: nothing of it
// runs in the cluster.
local component = import '../lib/component.libsonnet';

local scanning = |||
  ## Images

  Every night, and after every push, a pipeline of GitHub or GitLab looks for known vulnerabilities in all images that this repository runs; `trivy.yaml` says what counts. Elsewhere this does the
  same, and ends with a status other than 0 where it finds something:

  ```sh
  gitopsgen images > images.txt
  xargs -n 1 trivy --config trivy.yaml image < images.txt
  ```
|||;

component(
  {
    name: 'trivy',
    purpose: 'looks for known vulnerabilities in all images of this repository, in its pipeline',
    capability: 'image-scanning',
    option: 'trivy',
    params: {
      severity: 'which severities of flaws count',
      unfixed: 'whether flaws count, too, that nobody has mended yet',
    },
  },
  {
    namespace: 'trivy-system',  // nothing stands there
    version: '0.72.0',
    severity: ['HIGH', 'CRITICAL'],
    unfixed: false,
  },
  function(p, platform)
    local db(name, version) = [platform.image('mirror.gcr.io/aquasec/' + name) + ':' + version];
    if !platform.hub then {} else {
      scan: { image: platform.image('docker.io/aquasec/trivy') + ':' + p.version, command: ['trivy', '--config', 'trivy.yaml', 'image'] },
      files: {
        'trivy.yaml': std.manifestYamlDoc({
          'exit-code': 1,
          timeout: '15m',
          severity: p.severity,
          scan: { scanners: ['vuln', 'secret'] },
          vulnerability: { 'ignore-unfixed': !p.unfixed },
          db: { repository: db('trivy-db', 2), 'java-repository': db('trivy-java-db', 1) },
        }, indent_array_in_object=true, quote_keys=false) + '\n',
      },
      readme: { section: scanning, edit: '`trivy.yaml`: what of the images counts, by `components.trivy.params` of `gitopsgen.yaml`.' },
    },
)
