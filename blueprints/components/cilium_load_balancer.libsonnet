// cilium-load-balancer gives Services of type LoadBalancer addresses, and announces these in the machines' own network
// or by BGP.
//
// It is part of Cilium and no component of its own to the cluster. Here it is one, because it serves another capability.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local loadBalancer = import '../lib/load_balancer.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'platform';
local isIPv6(address) = std.member(address, ':');

// Every Service that has an address is announced.
local l2 = kube.object('cilium.io/v2alpha1', 'CiliumL2AnnouncementPolicy', name, rest={ spec: { loadBalancerIPs: true } });

local bgp(with, secret, addresses) =
  local labels = { advertise: name };
  local afis = std.set([if isIPv6(address) then 'ipv6' else 'ipv4' for address in addresses]);
  [
    kube.object('cilium.io/v2', 'CiliumBGPClusterConfig', name, rest={ spec: { bgpInstances: [{
      name: name,
      localASN: with.localASN,
      peers: [
        { name: peer.address, peerAddress: peer.address, peerASN: peer.asn, peerConfigRef: { name: name } }
        for peer in with.peers
      ],
    }] } }),
    kube.object('cilium.io/v2', 'CiliumBGPPeerConfig', name, rest={ spec: {
      [if secret != null then 'authSecretRef']: secret,
      gracefulRestart: { enabled: true },
      families: [{ afi: afi, safi: 'unicast', advertisements: { matchLabels: labels } } for afi in afis],
    } }),
    kube.object('cilium.io/v2', 'CiliumBGPAdvertisement', name, rest={ metadata+: { labels: labels }, spec: { advertisements: [
      { advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: {} },
    ] } }),
  ];

component(
  {
    name: 'cilium-load-balancer',
    purpose: 'gives Services addresses and announces these, with Cilium',
    capability: 'load-balancer',
    option: 'cilium',
    requires: { network: 'cilium' },
    params: {
      authSecret: 'a Secret in kube-system, with the key password, for BGP',
    },
  },
  {
    namespace: 'kube-system',
    authSecret: null,
  },
  function(p, platform)
    local addresses = loadBalancer.addresses(platform.cluster);
    local complain(what) = error 'cilium-load-balancer: ' + what;
    local byBGP = std.objectHas(platform.cluster.networks, 'bgp');
    local known =
      if platform.network.loadBalancer == 'cilium' then addresses
      else complain('it needs Cilium as capabilities.network; choose another option of capabilities.load-balancer, or none');
    {
      stage: stages.addresses,
      syncOptions: ['SkipDryRunOnMissingResource=true'],
      needs: ['network'],
      objects: if known == [] && !byBGP then {} else {
        'pool.yaml': kube.object('cilium.io/v2', 'CiliumLoadBalancerIPPool', name, rest={ spec: {
          blocks: [{ cidr: cidr } for cidr in known],
        } }),
        'announcement.yaml': if byBGP then bgp(platform.cluster.networks.bgp, p.authSecret, known) else l2,
      },
      decisions: loadBalancer.undecided(addresses),
      secrets: if !byBGP || p.authSecret == null then [] else [
        { name: p.authSecret, namespace: 'kube-system', keys: ['password'], purpose: 'the BGP sessions with the routers' },
      ],
      provides:: {
        // A router sends to the machines that have a proxy. In one network any machine may answer.
        service: if addresses == [] then 'NodePort' else 'LoadBalancer',
        externalTrafficPolicy: if byBGP then 'Local' else 'Cluster',
        networkValues:
          if addresses == [] then {}
          else if byBGP then { bgpControlPlane: { enabled: true } }
          else {
            l2announcements: { enabled: true },
            k8sClientRateLimit: why({ qps: 50, burst: 100 }, 'Each announced address takes requests: they hold a lease on it.'),
          },
      },
    },
)
