// capabilities lists what a platform can do, how much each tier asks for it, and which option each tier takes.
//
// An optional capability is off until an option is chosen, or something else in the spec implies one. Options without a
// component are those that the catalogue lacks so far.
local mandatory(option) = { level: 'mandatory', option: option };
local recommended(option) = { level: 'recommended', option: option };
local optional = { level: 'optional', option: 'none' };

local row(purpose, small, medium, enterprise) = {
  purpose: purpose,
  tiers: { small: small, medium: medium, enterprise: enterprise },
  // implied gives the option that a spec asks for without naming it, where its tier takes none.
  implied(spec):: 'none',
};

{
  audit: row('detect suspicious activity', optional, mandatory('falco'), mandatory('falco')),
  authentication: row('users authenticate and are authorised', recommended('dex'), mandatory('dex'), mandatory('dex')),
  backup: row('redundancy is no backup', optional, optional, mandatory('velero')),
  certificates: row('trusted certificates', recommended('cert-manager'), recommended('cert-manager'), recommended('cert-manager')),
  'cluster-autoscaler': row('scale nodes with load', optional, optional, recommended('cluster-autoscaler')),
  dns: row('manage DNS entries', optional, recommended('external-dns'), recommended('external-dns')),
  edge: row('publish services without open ports', optional, optional, optional),
  gitops: row('the repository is the source of truth', mandatory('argo-cd'), mandatory('argo-cd'), mandatory('argo-cd')),
  'image-scanning': row('no critical vulnerabilities in images', mandatory('trivy'), mandatory('trivy-operator'), mandatory('harbor')),
  ingress: row('expose web applications', mandatory('traefik'), mandatory('contour'), mandatory('envoy-gateway')),
  installation: row('robust, automated cluster management', mandatory('kubeadm'), mandatory('kubespray'), mandatory('cluster-api')),
  'load-balancer': row('virtual IPs for services and the API on bare metal', recommended('cilium'), recommended('cilium'), recommended('cilium')),
  logging: row('logs of all workloads in one place', mandatory('loki'), mandatory('logging-operator'), mandatory('opensearch')),
  metrics: row('autoscaling works, the state of the cluster is visible', mandatory('metrics-server'), mandatory('metrics-server'), mandatory('metrics-server')),
  monitoring: row('insight for operations', mandatory('kube-prometheus-stack'), mandatory('kube-prometheus-stack'), mandatory('kube-prometheus-stack')),
  network: row('connect containers, enforce network policies, encrypt', mandatory('cilium'), mandatory('cilium'), mandatory('cilium')),
  'non-root': row('no root containers', optional, mandatory('pod-security'), mandatory('pod-security')),
  policy: row('enforce security and internal policy at the API', optional, optional, mandatory('gatekeeper')),
  'remote-access': row('reach cluster and services privately', optional, optional, optional),
  secrets: row('keep secrets out of Git in clear', recommended('sops'), recommended('sops'), mandatory('vault')),
  serverless: row('small functions on scarce resources', optional, optional, optional),
  'service-mesh': row('traffic management, mutual TLS', optional, optional, optional),
  storage: row('persistent volumes for stateful applications', recommended('longhorn'), recommended('rook-ceph'), recommended('rook-ceph')),
  tenancy: row('teams work apart', optional, recommended('teams'), mandatory('teams')) {
    implied(spec):: if spec.teams == [] then 'none' else 'teams',
  },
  tracing: row('application troubleshooting', optional, optional, recommended('jaeger')),
  'user-interface': row('let less experienced users in', optional, mandatory('headlamp'), mandatory('headlamp')),
}
