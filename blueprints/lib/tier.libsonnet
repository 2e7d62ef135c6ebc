// tier gives a parameter a default for each tier: `replicas: tier(1, 2, 3)` among the defaults, and p.replicas is the one in
// force. single is the small one on a platform of one machine, where that is another.
function(small, medium, enterprise, single=small) {
  'gitopsgen:default'(p, platform):: if platform.single then single else { small: small, medium: medium, enterprise: enterprise }[platform.tier],
}
