// tier gives a parameter a default for each tier: `replicas: tier(1, 2, 3)` among the defaults, and p.replicas is the one in
// force.
function(small, medium, enterprise) {
  'gitopsgen:default'(p, platform):: { small: small, medium: medium, enterprise: enterprise }[platform.tier],
}
